import FileFormats
import GradientFlow

/// A model with its curves and what they amount to.
struct MeasuredCell {
  /// One layer and path.
  struct Curve {
    let curve: DecayCurve
    let fit: DecayFit
  }

  let subject: DecaySubject
  let measurement: GradientMeasurement
  let curves: [Curve]
  /// nil without one.
  let training: DecayTraining?

  init(
    _ subject: DecaySubject, training: DecayTraining?, measurement: GradientMeasurement
  ) {
    self.subject = subject
    self.training = training
    self.measurement = measurement
    curves = measurement.curves.map { Curve(curve: $0, fit: DecayFit($0)) }
  }

  /// Those worth a line of their own: `state` says more than `h` only for a cell with a state c.
  var shownCurves: [Curve] {
    subject.model.cell.hasCellState ? curves : curves.filter { $0.curve.path != .state }
  }

  /// What names the model in a table: label, cell.
  var names: [CSVField] {
    [.text(subject.label), .text(subject.specification.kind.rawValue)]
  }

  /// Whether it was trained as far as was asked, or could be.
  var isDone: Bool { training?.isDone ?? true }
}

extension MeasuredCell.Curve {
  /// The path; where there are several layers, with its layer behind it as in PyTorch's names:
  /// `h l0`.
  func pathName(hasLayers: Bool) -> String {
    hasLayers ? "\(curve.path.rawValue) l\(curve.layer)" : curve.path.rawValue
  }

  /// The verdict, or what makes one impossible.
  var verdict: String {
    let means = curve.means
    if means.allSatisfy({ $0 == 0 }) { return "zero" }
    return means.contains { $0 > 0 && $0.isFinite } ? fit.verdict.rawValue : "not finite"
  }
}
