import UnrollGradientFlow
import UnrollOptimization
import UnrollRecurrentCells

/// Which models are measured on which batch, and what is measured of them.
package struct DecayStudy {
  package var subjects: [DecaySubject]
  package var data: DecayData
  /// Which steps' loss is differentiated.
  package var placement: LossPlacement
  package var seed: UInt64
  /// The steps after which the gradient is cut, to see what truncation leaves out; may be empty.
  package var cuts: [Int]
  /// How exponents are measured; nil where they are not.
  package var exponents: ExponentPlan?
  /// Earlier runs, measured already.
  package var runs: [DecayRun]

  package init(
    subjects: [DecaySubject], data: DecayData, placement: LossPlacement = .last, seed: UInt64 = 1,
    cuts: [Int] = [], exponents: ExponentPlan? = nil, runs: [DecayRun] = []
  ) {
    self.subjects = subjects
    self.data = data
    self.placement = placement
    self.seed = seed
    self.cuts = cuts
    self.exponents = exponents
    self.runs = runs
  }

  /// Whether anything is trained first.
  package var isTraining: Bool {
    subjects.contains { if case .trained = $0.weights { true } else { false } }
  }

  /// Measures a model.
  ///
  /// - Parameters:
  ///   - training: what its training came to, where there was one.
  ///   - measureExponents: does that from the model's curves.
  package func measure(
    _ subject: DecaySubject, _ parameters: Parameters<Double>, on batch: Batch<Double>,
    after training: DecayTraining? = nil,
    measureExponents: (_ curves: [DecayCurve]) -> [MeasuredExponents]
  ) -> MeasuredModel {
    let measurement = GradientMeasurement.measure(
      subject.model, parameters, batch: batch, lossAt: placement)
    return MeasuredModel(
      subject, training: training, measurement: measurement,
      truncation: TruncationBias.measure(
        subject.model, parameters, batch: batch, cuts: cuts, curves: measurement.curves),
      exponents: measureExponents(measurement.curves))
  }
}
