import UnrollFileFormats
import UnrollGradientFlow

/// A model with its curves and what they amount to.
package struct MeasuredModel {
  /// One layer and path.
  package struct Curve {
    package let curve: DecayCurve
    package let fit: DecayFit
  }

  package let subject: DecaySubject
  package let measurement: GradientMeasurement
  /// Of `--truncation`; empty without it.
  package let truncation: [TruncationBias]
  /// Layer by layer, of `--exponents`; empty without it.
  package let exponents: [MeasuredExponents]
  package let curves: [Curve]
  /// nil without one.
  package let training: DecayTraining?

  package init(
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
  package var names: [CSVField] {
    [.text(subject.label), .text(subject.specification.kind.rawValue)]
  }

  /// Whether it stands for its label where one seed is enough.
  package func isFirst(of seed: UInt64) -> Bool {
    subject.seed == nil || subject.seed == seed
  }

  /// Whether it was trained as far as was asked, or could be.
  package var isDone: Bool { training?.isDone ?? true }
}

extension MeasuredModel.Curve {
  /// The path; where there are several layers, with its layer behind it as in PyTorch's names:
  /// `h l0`.
  package func pathName(hasLayers: Bool) -> String {
    hasLayers ? "\(curve.path.rawValue) l\(curve.layer)" : curve.path.rawValue
  }
}
