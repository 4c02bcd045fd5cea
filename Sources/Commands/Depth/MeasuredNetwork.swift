import Foundation
import UnrollCommandLine
import UnrollFeedForward
import UnrollText

/// A stack with what was measured in it.
struct MeasuredNetwork {
  let label: String
  /// The mean loss over the batch at the weights measured.
  let loss: Double
  let layers: [LayerRecord]
  /// The same before any update, where there were some.
  var startingLoss: Double?
  /// The updates made before measuring, the last of them not finite where training broke off.
  var updates: [FeedForwardUpdate] = []

  /// g(i) for i = 1…D.
  var norms: [Double] { layers.map(\.hiddenMean) }

  /// ‖∂L/∂h_1‖/‖∂L/∂h_D‖, the share of the last layer's gradient that reaches the first.
  var reach: Double { (norms.first ?? .nan) / (norms.last ?? .nan) }

  /// What a layer passes on, on average: the (D−1)th root of ``reach``.
  var factor: Double { pow(reach, 1 / Double(max(layers.count - 1, 1))) }

  /// Whether training broke off at a loss or gradient that is not finite.
  var brokeOff: Bool { updates.last.map { !$0.isFinite } ?? false }

  /// Whether training led to weights, or to an update, with a loss or gradient that is not finite.
  var becameNonFinite: Bool { brokeOff || (!updates.isEmpty && !isFinite) }

  /// Whether everything measured is finite.
  var isFinite: Bool { loss.isFinite && norms.allSatisfy(\.isFinite) }
}
