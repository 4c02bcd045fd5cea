import UnrollDenseMath
import UnrollGradientFlow
import UnrollOptimization
import UnrollRecurrentCells
import UnrollText
import UnrollTraining

/// Which models are measured on which batch, and what is measured of them.
///
/// The decay curve of a model is the norm of the gradient that reaches the state k steps before the
/// loss, ‖∂ℓ/∂h_{T−k}‖, against the lag k. A study measures these curves for every layer of every
/// model, and with them the quantities it is given (``DecayQuantity``). `DecayReport` measures a study
/// and writes its tables and figures.
public struct DecayStudy: Sendable {
  /// The models, in the order in which they are shown. Several of one label are its seeds.
  public var subjects: [DecaySubject]
  /// The batch that gradients are measured on.
  public var data: DecayData
  /// Which steps' loss is differentiated.
  public var placement: LossPlacement
  /// The seed of the data and of the first model, for reports that show one seed of several.
  public var seed: UInt64
  /// The numbers of steps K after which the gradient is cut, to see what truncated backpropagation
  /// leaves out; may be empty. Measured for the loss at the last step.
  public var cuts: [Int]
  /// How Lyapunov exponents are measured; nil where they are not.
  public var exponents: ExponentPlan?
  /// How changes that may help are measured; nil where they are not. Measured for the loss at the last
  /// step.
  public var remedies: RemedyPlan?
  /// Whether all states are kept in memory while gradients are measured; no number depends on it.
  public var recompute: Recompute
  /// Earlier runs, measured already, that are shown with the models.
  public var runs: [DecayRun]
  /// How far the saved model's outputs are from those expected (``OutputComparison``); nil where none
  /// were.
  public var outputsDifference: Double?

  /// - Parameters:
  ///   - placement: which steps' loss is differentiated.
  ///   - seed: that of the data and of the first model.
  ///   - cuts: numbers of steps after which the gradient is cut, each at least 1.
  ///   - exponents: how Lyapunov exponents are measured; nil leaves them out.
  ///   - remedies: how changes that may help are measured; nil leaves them out.
  ///   - runs: earlier runs that are shown with the models.
  ///   - recompute: whether all states are kept in memory while gradients are measured.
  public init(
    subjects: [DecaySubject], data: DecayData, placement: LossPlacement = .last, seed: UInt64 = 1,
    cuts: [Int] = [], exponents: ExponentPlan? = nil, remedies: RemedyPlan? = nil,
    runs: [DecayRun] = [], recompute: Recompute = .auto
  ) {
    require(cuts.allSatisfy { $0 >= 1 }, "expected cuts of at least 1 step, got \(cuts)")
    self.subjects = subjects
    self.data = data
    self.placement = placement
    self.seed = seed
    self.cuts = cuts
    self.exponents = exponents
    self.remedies = remedies
    self.runs = runs
    self.recompute = recompute
  }

  /// Whether anything is trained first.
  public var isTraining: Bool {
    subjects.contains { if case .trained = $0.weights { true } else { false } }
  }
}

extension DecayStudy {
  /// Trains where that is asked for, and measures every model in turn.
  ///
  /// When `shouldStop` says so, a training ends early, and the models after it are left out. The
  /// model of that training is measured, unless it would be one of several seeds: a mean over seeds is
  /// of whole trainings alone.
  ///
  /// - Parameters:
  ///   - quantities: measured of each model beside its decay curves.
  ///   - observer: told of what goes on.
  ///   - shouldStop: asked after every update and every model.
  /// - Throws: `TrainingError` for a training that cannot begin. A training that breaks off is no
  ///   error: its last finite weights are measured, see ``DecayTraining/failure``.
  public func measure(
    _ quantities: [any DecayQuantity] = [],
    observer: any DecayStudyObserver = SilentDecayObserver(),
    until shouldStop: () -> Bool = { false }
  ) throws -> [MeasuredModel] {
    let batch = data.batch()
    var models: [MeasuredModel] = []
    for subject in subjects {
      let (parameters, training) = try weights(of: subject, observer, until: shouldStop)
      if training?.isDone == false, models.last?.subject.label == subject.label { break }
      models.append(
        measure(
          subject, parameters, on: batch, after: training, quantities, observer: observer))
      if training?.isDone == false || shouldStop() { break }
    }
    return models
  }

  private func weights(
    of subject: DecaySubject, _ observer: any DecayStudyObserver, until shouldStop: () -> Bool
  ) throws -> (parameters: Parameters<Double>, training: DecayTraining?) {
    switch subject.weights {
    case .saved(let file):
      return (file.parameters, nil)
    case .fresh(let seed):
      return (subject.model.initialParameters(subject.specification, seed: seed), nil)
    case .trained(let plan):
      let training = try DecayTraining.run(
        plan, observer: observer.willTrain(subject), until: shouldStop)
      observer.didTrain(subject, training)
      return (training.parameters, training)
    }
  }

  private func measure(
    _ subject: DecaySubject, _ parameters: Parameters<Double>, on batch: Batch<Double>,
    after training: DecayTraining?, _ quantities: [any DecayQuantity],
    observer: any DecayStudyObserver
  ) -> MeasuredModel {
    observer.willMeasure(subject)
    defer { observer.didMeasure(subject) }
    let model = subject.model
    let probe = DecayProbe(
      study: self, subject: subject, model: model, parameters: parameters, batch: batch,
      measurement: .measure(
        model, parameters, batch: batch, lossAt: placement, recompute: recompute),
      observer: observer)
    var measured = MeasuredModel(subject, training: training, probe.measurement)
    for quantity in quantities { measured.take(quantity, from: probe) }
    return measured
  }
}
