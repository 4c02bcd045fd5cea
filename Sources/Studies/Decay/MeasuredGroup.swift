import UnrollGradientFlow
import UnrollRecurrentCells
import UnrollText

/// The models of one label, which differ in their seed, and the curves they have in common.
public struct MeasuredGroup: Sendable {
  /// The models, one for each seed; at least one.
  public let models: [MeasuredModel]
  /// The model's own curves where there is one seed. For several seeds, a row of a curve is the mean
  /// over a seed's batch, so that means, bands and intervals are those over seeds.
  public let curves: [MeasuredModel.Curve]

  /// - Parameter models: of the same label, layers and lags; at least one.
  public init(_ models: [MeasuredModel]) {
    require(!models.isEmpty, "expected at least one model, got none")
    self.models = models
    guard models.count > 1 else {
      curves = models[0].curves
      return
    }
    let first = models[0]
    require(
      models.allSatisfy { $0.curves.map(\.shape) == first.curves.map(\.shape) },
      "expected models of one label to have the same layers, paths and lags, got others for "
        + first.subject.label)
    curves = first.curves.indices.map { index in
      let means = models.map { $0.curves[index].curve.means }
      let model = first.curves[index].curve
      let curve = DecayCurve(
        layer: model.layer, path: model.path,
        norms: means[0].indices.map { lag in means.map { $0[lag] } }, entry: model.entry)
      return MeasuredModel.Curve(curve: curve, fit: DecayFit(curve))
    }
  }

  /// The loss that is differentiated, its mean over the seeds; nil where it is not known.
  public var loss: Double? {
    let losses = models.compactMap(\.loss)
    return losses.count == models.count ? DecayCurve.mean(losses) : nil
  }

  /// The subject of the first seed, which stands for the others in name and size.
  public var subject: DecaySubject { models[0].subject }

  /// The curves worth a line of their own: `state` says more than `h` only for a cell with a state c.
  public var shownCurves: [MeasuredModel.Curve] {
    subject.model.cell.hasCellState ? curves : curves.filter { $0.curve.path != .state }
  }
}

extension MeasuredModel.Curve {
  fileprivate struct Shape: Equatable {
    let layer: Int
    let path: String
    let lags: Int
  }

  fileprivate var shape: Shape {
    Shape(layer: curve.layer, path: curve.pathName, lags: curve.count)
  }
}

extension MeasuredGroup {
  /// Groups models by their label, in the order in which the labels first occur.
  public static func groups(of models: [MeasuredModel]) -> [MeasuredGroup] {
    var labels: [String] = []
    for model in models where !labels.contains(model.subject.label) {
      labels.append(model.subject.label)
    }
    return labels.map { label in MeasuredGroup(models.filter { $0.subject.label == label }) }
  }
}
