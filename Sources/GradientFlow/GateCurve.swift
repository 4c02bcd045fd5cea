import Foundation

/// How much of a decay the gates on the state's direct way account for.
///
/// On its direct way the LSTM's c is multiplied by the forget gates alone, the GRU's h by its update
/// gates. Beside the decay of the gradient, ln g(k)/g(0), stands the logarithm of the product of
/// these gates over the steps between, its mean over rows and units. Where both agree, gates decide
/// how far the gradient reaches; the rest is what goes through the recurrent weights.
public struct GateCurve: Sendable {
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
