import Foundation
import UnrollFeedForward

/// A feed-forward network with what was measured in it: the gradient's norm and more, layer by layer.
public struct MeasuredNetwork {
  /// The network's name in reports and figures.
  public let label: String
  /// The mean loss over the batch at the weights measured; NaN where only its gradient is known.
  public let loss: Double
  /// What was measured in each layer, from the input.
  public let layers: [LayerRecord]
  /// The loss before the first update; nil for a network that was not trained.
  public var startingLoss: Double?
  /// The updates made before measuring, the last of them not finite where training broke off.
  public var updates: [FeedForwardUpdate] = []

  package init(
    label: String, loss: Double, layers: [LayerRecord], startingLoss: Double? = nil,
    updates: [FeedForwardUpdate] = []
  ) {
    self.label = label
    self.loss = loss
    self.layers = layers
    self.startingLoss = startingLoss
    self.updates = updates
  }

  /// The mean norm of the gradient by each layer's outputs, ‖∂ℓ/∂h_i‖ for i = 1…D.
  public var norms: [Double] { layers.map(\.hiddenMean) }

  /// ‖∂L/∂h_1‖/‖∂L/∂h_D‖, the share of the last layer's gradient that reaches the first.
  public var reach: Double { (norms.first ?? .nan) / (norms.last ?? .nan) }

  /// The factor by which the gradient's norm changes in a layer, on average: the (D−1)th root of ``reach``.
  public var factor: Double { pow(reach, 1 / Double(max(layers.count - 1, 1))) }

  /// Whether training broke off at a loss or gradient that is not finite.
  public var brokeOff: Bool { updates.last.map { !$0.isFinite } ?? false }

  /// Whether training led to weights, or to an update, with a loss or gradient that is not finite.
  public var becameNonFinite: Bool { brokeOff || (!updates.isEmpty && !isFinite) }

  /// Whether everything measured is finite.
  public var isFinite: Bool { loss.isFinite && norms.allSatisfy(\.isFinite) }
}
