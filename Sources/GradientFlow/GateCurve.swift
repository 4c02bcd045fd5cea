import Foundation

/// How much of a gradient's decay the gates account for.
///
/// From step to step, the LSTM's c is multiplied by the forget gate and the GRU's h by the update gate.
/// The curve compares the decay of the gradient, ln g(k)/g(0), with the logarithm of the product of
/// these gates over the same steps, its mean over rows and units. Where both agree, the gates decide
/// how far the gradient reaches; the difference comes through the recurrent weights.
public struct GateCurve: Sendable {
  /// The layer, from 0 next to the input.
  public let layer: Int
  /// The path whose decay the gates are set beside: `cell` for the LSTM, `hidden` for the GRU.
  public let path: DecayPath
  /// At lag k: Σ_{j<k} ln gate_{T−j}, the mean over units, and over the rows that reach that far; −∞
  /// after a gate of 0.
  public let logProducts: [Double]
  /// ln g(k)/g(0).
  public let logDecays: [Double]

  /// `logProducts` over `logDecays`; nil where the gradient has moved by less than a factor of 2, or
  /// one of them is not finite.
  public var shares: [Double?] {
    zip(logProducts, logDecays).map { product, decay in
      abs(decay) >= log(2) && decay.isFinite && product.isFinite ? product / decay : nil
    }
  }
}
