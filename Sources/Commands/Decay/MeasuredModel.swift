import UnrollCommandLine
import UnrollFileFormats
import UnrollGradientFlow
import UnrollText

/// A model with its curves and what they amount to.
struct MeasuredModel {
  /// One layer and path.
  struct Curve {
    let curve: DecayCurve
    let fit: DecayFit
  }

  let subject: DecaySubject
  let measurement: GradientMeasurement
  /// Of `--truncation`; empty without it.
  let truncation: [TruncationBias]
  /// Layer by layer, of `--exponents`; empty without it.
  let exponents: [MeasuredExponents]
  let curves: [Curve]
  /// nil without one.
  let training: DecayTraining?

  init(
    _ subject: DecaySubject, training: DecayTraining?, measurement: GradientMeasurement,
    truncation: [TruncationBias] = [], exponents: [MeasuredExponents] = []
  ) {
    self.subject = subject
    self.training = training
    self.measurement = measurement
    self.truncation = truncation
    self.exponents = exponents
    curves = measurement.curves.map { Curve(curve: $0, fit: DecayFit($0)) }
  }

  /// What names the model in a table: label, cell.
  var names: [CSVField] {
    [.text(subject.label), .text(subject.specification.kind.rawValue)]
  }

  /// Whether it stands for its label where one seed is enough.
  func isFirstSeed(of plan: DecayPlan) -> Bool {
    subject.seed == nil || subject.seed == plan.seed
  }

  /// Whether it was trained as far as was asked, or could be.
  var isDone: Bool { training?.isDone ?? true }
}

extension MeasuredModel.Curve {
  /// The path; where there are several layers, with its layer behind it as in PyTorch's names:
  /// `h l0`.
  func pathName(hasLayers: Bool) -> String {
    hasLayers ? "\(curve.path.rawValue) l\(curve.layer)" : curve.path.rawValue
  }
}

extension DecayFit {
  /// The verdict on a curve of these means, or what makes one impossible.
  func word(for means: [Double]) -> String {
    if means.allSatisfy({ $0 == 0 }) { return "zero" }
    return means.contains { $0 > 0 && $0.isFinite } ? verdict.rawValue : "not finite"
  }
}
