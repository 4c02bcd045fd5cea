import Foundation
import UnrollFeedForward

/// A stack with what was measured in it.
package struct MeasuredNetwork {
  package let label: String
  /// The mean loss over the batch at the weights measured.
  package let loss: Double
  package let layers: [LayerRecord]
  /// The same before any update, where there were some.
  package var startingLoss: Double?
  /// The updates made before measuring, the last of them not finite where training broke off.
  package var updates: [FeedForwardUpdate] = []

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

  /// g(i) for i = 1…D.
  package var norms: [Double] { layers.map(\.hiddenMean) }

  /// ‖∂L/∂h_1‖/‖∂L/∂h_D‖, the share of the last layer's gradient that reaches the first.
  package var reach: Double { (norms.first ?? .nan) / (norms.last ?? .nan) }

  /// What a layer passes on, on average: the (D−1)th root of ``reach``.
  package var factor: Double { pow(reach, 1 / Double(max(layers.count - 1, 1))) }

  /// Whether training broke off at a loss or gradient that is not finite.
  package var brokeOff: Bool { updates.last.map { !$0.isFinite } ?? false }

  /// Whether training led to weights, or to an update, with a loss or gradient that is not finite.
  package var becameNonFinite: Bool { brokeOff || (!updates.isEmpty && !isFinite) }

  /// Whether everything measured is finite.
  package var isFinite: Bool { loss.isFinite && norms.allSatisfy(\.isFinite) }
}
