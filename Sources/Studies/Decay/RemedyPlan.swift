import UnrollGradientFlow
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollText
import UnrollTraining

/// How changes that may help the gradient to reach the lag that a task needs are measured: each on the same
/// batch, with the same seed, under the same loss.
///
/// Measured for its own sake, the plan is a ``DecayQuantity``:
///
/// ```swift
/// let data = try DecayData(AddingTask(length: 50, seed: 1), rows: 20)
/// let subject = DecaySubject(CellSpecification(.rnn), on: data, hidden: 32)
/// let plan = RemedyPlan(needed: NeededLag(49, of: "the first number"))
/// let model = try DecayStudy(subjects: [subject], data: data).measure([plan])[0]
/// for measured in model.entries(of: plan) {
///   print(measured.remedy.name, measured.reach ?? 0, measured.outcome)
/// }
/// ```
public struct RemedyPlan: DecayQuantity {
  /// The lag that is needed.
  public let needed: NeededLag
  /// Where training is to cut the gradient off.
  public let truncation: Truncation
  /// Seconds that each cell's updates are timed for, about; 0 leaves times out.
  public let timing: Double
  /// The number of threads of the updates that are timed.
  public let threads: Int

  public var name: String { "remedies" }

  /// - Parameters:
  ///   - needed: the lag that is needed, one that the batch's sequences have.
  ///   - truncation: where training is to cut the gradient off.
  ///   - timing: seconds that each cell's updates are timed for, about; 0 leaves times out.
  ///   - threads: of the updates that are timed.
  public init(
    needed: NeededLag, truncation: Truncation = .full, timing: Double = 0.3, threads: Int = 1
  ) {
    self.needed = needed
    self.truncation = truncation
    self.timing = timing
    self.threads = threads
  }

  /// The changes to a model, after the model as it is.
  ///
  /// - Parameter data: the batch. Where gradient by c has been given for it, or c at the start, cells
  ///   without c are left out.
  public func changes(to subject: DecaySubject, on data: DecayData) -> [Remedy] {
    let all = Remedy.changes(
      to: subject.cellAsAsked, isTrained: subject.isTrained, truncation: truncation,
      steps: data.shape.timeSteps)
    return data.needsCellState
      ? all.filter { $0.specification.makeCell().hasCellState } : all
  }

  /// Refuses a model to which a change would not fit the machine's memory.
  ///
  /// - Throws: `TrainingError.tooLarge`, `TrainingError.recomputeSize`.
  public func requireMemory(
    for subject: DecaySubject, on data: DecayData, recompute: Recompute = .auto
  ) throws(TrainingError) {
    for remedy in changes(to: subject, on: data) {
      try MeasurementMemory.requireForCurves(
        RecurrentModel(remedy.specification, subject.configuration), on: data.shape,
        recompute: recompute)
    }
  }

  /// Measures the model that `probe` holds under each change; nothing where no gradient enters at the
  /// rows' last steps.
  public func measure(_ probe: DecayProbe) -> [MeasuredRemedy] {
    let remedies = changes(to: probe.subject, on: probe.study.data)
    let windowReach = probe.study.data.reach(under: truncation)
    let timer = timing > 0 && probe.isFirstSeed ? RemedyTimer(self, probe) : nil
    probe.observer.willMeasure("remedies", steps: remedies.count)
    return remedies.compactMap { remedy in
      defer { probe.observer.didStep() }
      return curve(under: remedy, probe).map {
        MeasuredRemedy(
          remedy, needed: needed, $0, windowReach: windowReach, times: timer?.times(of: remedy))
      }
    }
  }

  /// The curve of the first layer along the path `state`; nil where nothing enters last.
  private func curve(under remedy: Remedy, _ probe: DecayProbe) -> DecayCurve? {
    let model = RecurrentModel(remedy.specification, probe.subject.configuration)
    let curves =
      remedy.changesNothingOfModel
      ? probe.measurement.curves
      : DecayCurve.measure(
        model, parameters(under: remedy, of: model, probe), batch: probe.batch,
        lossAt: probe.study.placement, recompute: probe.study.recompute)
    return curves.first { $0.layer == 0 && $0.path == .state && $0.entry != .severalSteps }
  }

  private func parameters(
    under remedy: Remedy, of model: RecurrentModel, _ probe: DecayProbe
  ) -> Parameters<Double> {
    guard remedy.keepsWeights else {
      return model.initialParameters(
        remedy.specification, seed: probe.subject.seed ?? probe.study.seed)
    }
    let parameters = probe.parameters.copy()
    if case .forgetBias(let bias) = remedy.change { model.setForgetBias(bias, in: parameters) }
    return parameters
  }
}

extension Remedy {
  /// Whether the model and its weights are those given, so that its curve is measured already.
  fileprivate var changesNothingOfModel: Bool {
    switch change {
    case .asGiven, .window: true
    default: false
    }
  }
}

/// Times each kind of update once: initializers change no time.
private final class RemedyTimer {
  private let plan: RemedyPlan
  private let probe: DecayProbe
  /// Of the model as given, whole sequences; nil where it cannot be timed.
  private let base: BatchTimer?
  private var known: [String: PairedTimes] = [:]

  init(_ plan: RemedyPlan, _ probe: DecayProbe) {
    (self.plan, self.probe) = (plan, probe)
    base = try? BatchTimer(
      probe.subject.specification, probe.subject.configuration, probe.study.data.shape,
      threads: plan.threads)
  }

  /// The times beside the model as given; nil where that does not fit into memory.
  func times(of remedy: Remedy) -> PairedTimes? {
    let truncation: Truncation =
      if case .window(let window) = remedy.change { window } else { .full }
    let key = Self.key(remedy.specification, truncation)
    if let times = known[key] { return times }
    guard let base else { return nil }
    if key == Self.key(probe.subject.specification, .full) {
      guard let alone = try? base.times(beside: base, budget: plan.timing) else { return nil }
      // The same updates: any difference would be noise.
      let times = PairedTimes([.init(base: alone.base, changed: alone.base)])
      known[key] = times
      return times
    }
    let times = try? BatchTimer(
      remedy.specification, probe.subject.configuration, probe.study.data.shape,
      truncation: truncation, threads: plan.threads
    ).times(beside: base, budget: plan.timing)
    known[key] = times
    return times
  }

  /// What decides on the time.
  private static func key(_ specification: CellSpecification, _ truncation: Truncation) -> String {
    "\(specification.kind) \(specification.activation) \(truncation)"
  }
}

extension DecayProbe {
  /// Whether the model is that of the study's first seed, or of a file.
  fileprivate var isFirstSeed: Bool { subject.seed ?? study.seed == study.seed }
}

extension DecaySubject {
  /// Whether its weights are others than its initializers draw.
  package var isTrained: Bool { if case .fresh = weights { false } else { true } }

  /// The cell with the initializers that it was asked for with. Files that do not say are taken for
  /// PyTorch's, which sets no forget bias apart.
  package var cellAsAsked: CellSpecification {
    guard case .saved(let file) = weights else { return specification }
    var asked = file.cellAsAsked
    if file.metadata["cell"] == nil { asked.forgetBias = nil }
    return asked
  }
}

extension DecayData {
  /// Whether gradient by c has been given, or c at the start, so that only cells with c can be measured.
  fileprivate var needsCellState: Bool {
    guard let gradients else { return false }
    return (gradients.shapes + gradients.stateShapes).contains { ["g_c", "c_0"].contains($0.name) }
  }

  /// The largest lag at which gradient of the last loss arrives; nil where nothing is cut off. Of a
  /// stream, whose windows begin anywhere, the most that a window leaves.
  func reach(under truncation: Truncation) -> Int? {
    guard case .windows(_, let depth) = truncation else { return nil }
    return isOfStretches ? depth - 1 : lastSteps.map(truncation.reach).max()
  }
}
