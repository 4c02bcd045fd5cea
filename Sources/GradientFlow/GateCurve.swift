import Foundation

/// How much of a gradient's decay the gates account for.
///
/// From step to step, the LSTM's c is multiplied by the forget gate and the GRU's h by the update gate.
/// The curve compares the decay of the gradient, ln g(k)/g(0), with what these gates alone let through
/// over the same steps: of the gradient, each unit through its own gate, and as a mean over units. Where
/// the first agrees with the decay, the gates decide how far the gradient reaches; the difference comes
/// through the recurrent weights. The mean falls further where gates differ.
public struct GateCurve: Sendable {
  /// The layer, from 0 next to the input.
  public let layer: Int
  /// The path whose decay the gates are set beside: `cell` for the LSTM, `hidden` for the GRU.
  public let path: DecayPath
  /// At how many steps that path's gradient enters: where at several, the gates are set beside what
  /// enters last.
  public let entry: GradientEntry
  /// At lag k: Σ_{j<k} ln gate_{T−j}, the mean over units, and over the rows that reach that far; −∞
  /// after a gate of 0.
  public let logProducts: [Double]
  /// ln g(k)/g(0); not a number where g(k) is subnormal.
  public let logDecays: [Double]
  /// The same of the gradient at lag 0 that goes through the gates alone, each unit through its own, not
  /// through the recurrent weights. The units whose gates are open carry it, so that it falls more slowly
  /// than the mean over units in ``logProducts`` where gates differ.
  public let logCarried: [Double]
  /// Each unit's gate: the geometric mean over the rows and steps measured.
  public let unitGates: [Double]

  /// A curve of gates measured elsewhere, one entry a lag.
  public init(
    layer: Int, path: DecayPath, entry: GradientEntry = .once, logProducts: [Double],
    logDecays: [Double], logCarried: [Double], unitGates: [Double]
  ) {
    self.layer = layer
    self.path = path
    self.entry = entry
    self.logProducts = logProducts
    self.logDecays = logDecays
    self.logCarried = logCarried
    self.unitGates = unitGates
  }

  /// The path as tables and files name it, as ``DecayCurve/pathName``.
  public var pathName: String { DecayCurve.pathName(path, entry) }

  /// The last lag at which the gradient is a number with all its digits.
  public var lastLag: Int {
    logDecays.lastIndex(where: \.isFinite) ?? logDecays.count - 1
  }

  /// `logProducts` over `logDecays`; nil where the gradient has moved by less than a factor of 2, or
  /// one of them is not finite.
  public var shares: [Double?] {
    zip(logProducts, logDecays).map { product, decay in
      abs(decay) >= log(2) && decay.isFinite && product.isFinite ? product / decay : nil
    }
  }
}
