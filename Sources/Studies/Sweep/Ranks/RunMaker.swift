import UnrollTraining

/// Makes single runs of a sweep, on the calling thread.
struct RunMaker: Sendable {
  let normUpdates: Int
  let keeping: SweepStudy.Keeping

  /// The mean norm of a run without clipping; nil where it was stopped.
  func measure(
    _ run: SweepRun, until shouldStop: () -> Bool,
    report: (UpdateRecord, _ updates: Int) -> Void
  ) throws -> MeanNorm? {
    try run.meanNorm(updates: normUpdates, until: shouldStop, report: report)
  }

  /// How a run went; nil where it was stopped.
  func train(
    _ run: SweepRun, reference: MeanNorm?, until shouldStop: () -> Bool,
    report: @escaping (UpdateRecord, _ updates: Int) -> Void
  ) throws -> RunMeasures? {
    let keeper = RunKeeper(
      kept: keeping.files, events: keeping.events, folder: "\(keeping.folder)/runs/\(run.id)",
      metadata: run.metadata)
    return try run.train(
      meanNorm: reference, keeper: keeper, takesTest: keeping.test, until: shouldStop,
      report: report)
  }
}
