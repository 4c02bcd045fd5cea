import DenseMath
import Training

/// Measures the points of a plan one after the other.
struct BenchSession<Element: Scalar> {
  let plan: BenchPlan
  let terminal: Terminal

  /// The time of a step and where it goes, between two looks at the machine's peaks.
  ///
  /// - Throws: `TrainingError`.
  func measureSteps() throws -> BenchReport {
    terminal.drawLive(["the machine's peaks"])
    let before = MachinePeak.measure(Element.self, threads: plan.threads)
    let results = try forEachEntry { entry -> BenchReport.Result in
      let benchmark = try StepBenchmark<Element>(entry.point, threads: plan.threads)
      let seconds = try benchmark.medianSeconds(budget: plan.budget)
      let shares = try benchmark.shares(budget: plan.budget / 5)
      report(entry, seconds)
      return BenchReport.Result(entry: entry, seconds: seconds, shares: shares)
    }
    let after = MachinePeak.measure(Element.self, threads: plan.threads)
    terminal.clearLive()
    return BenchReport(plan: plan, peak: before.larger(after), results: results)
  }

  /// What flushing subnormal numbers to zero saves.
  ///
  /// - Throws: `TrainingError`.
  func measureSubnormals() throws -> SubnormalReport {
    let results = try forEachEntry { entry -> SubnormalReport.Result in
      let benchmark = try StepBenchmark<Element>(entry.point, threads: plan.threads)
      let flushed = try benchmark.medianSeconds(budget: plan.budget)
      benchmark.flushesSubnormals = false
      let unflushed = try benchmark.medianSeconds(budget: plan.budget)
      report(entry, unflushed)
      return SubnormalReport.Result(
        entry: entry, flushed: flushed, unflushed: unflushed,
        subnormal: try benchmark.subnormalShare())
    }
    terminal.clearLive()
    return SubnormalReport(plan: plan, results: results)
  }

  private func forEachEntry<Result>(_ measure: (BenchPlan.Entry) throws -> Result) throws
    -> [Result]
  {
    try plan.entries.enumerated().map { index, entry in
      terminal.drawLive([
        "\(index + 1)/\(plan.entries.count)  \(entry.label) \(entry.point.shape)"
      ])
      return try measure(entry)
    }
  }

  /// A plain line for each point, where no live line is drawn.
  private func report(_ entry: BenchPlan.Entry, _ seconds: Double) {
    guard !terminal.isLive else { return }
    terminal.note(
      "\(entry.label) \(entry.point.shape): \(NumberText.significant(seconds * 1e3)) ms")
  }
}
