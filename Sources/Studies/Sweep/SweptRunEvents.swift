import UnrollDenseMath
import UnrollFileFormats
import UnrollTraining

/// One run of a sweep in TensorBoard: its training, and for the dashboard of hyperparameters its setting and
/// its results. Runs that differ in their seeds alone are one row there, with the means of their results.
struct SweptRunEvents {
  private let log: EventLog
  private let results: [RunMeasure]

  /// - Parameter settings: the options that are varied, in their order.
  /// - Throws: `FileError`.
  init(
    of run: SweepRun, _ plan: TrainingPlan, settings: [EventSetting], log: EventLog
  ) throws {
    self.log = log
    results = RunMeasure.results.filter { $0.isResult(plan) }
    let own = zip(settings, run.setting.values).filter { !$1.isEmpty }
    try log.append(
      [
        (EventValue.comparisonTag, .comparison(settings, results: results.map(\.tag))),
        (
          EventValue.sessionStartTag,
          .sessionStart(
            own.map { ($0, value: $1) },
            group: own.map { "\($0.name)=\($1)" }.joined(separator: ", "))
        ),
      ], step: 0)
  }

  /// What records the run's training.
  func observer<Element: Scalar>(of trainer: Trainer<Element>) -> TensorBoardLog<Element> {
    TensorBoardLog(trainer, log: log)
  }

  /// Records how the run went, and puts all of it onto the disk.
  ///
  /// - Throws: `FileError`.
  func finish(_ measures: RunMeasures) throws {
    let values = results.compactMap { result in
      result.field(measures).number.flatMap {
        $0.isFinite ? (result.tag, EventValue.scalar($0)) : nil
      }
    }
    try log.append(
      values + [
        (EventValue.sessionEndTag, .sessionEnd(isSuccess: measures.outcome != .diverged))
      ], step: measures.updates)
    try log.synchronize()
  }
}

extension RunMeasure {
  /// The name in TensorBoard: that of the column of `runs.csv`, where it is one.
  fileprivate var tag: String { "results/\(name)" }
}
