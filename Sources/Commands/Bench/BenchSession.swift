import UnrollCommandLine
import UnrollDenseMath
import UnrollReports
import UnrollStudies
import UnrollText
import UnrollTraining

/// Measures the points of a plan one after the other.
struct BenchSession<Element: Scalar> {
  let plan: BenchPlan
  /// The processes that share each batch.
  let ranks: Ranks
  let terminal: Terminal

  /// The time of a step and where it goes, between two looks at the machine's peaks.
  ///
  /// - Throws: `TrainingError`.
  func measureSteps() throws -> BenchReport {
    terminal.drawLive(["the machine's peaks"])
    let before = MachinePeak.measure(Element.self, threads: plan.threads)
    let results = try forEachEntry { entry -> BenchReport.Result in
      let benchmark = try StepBenchmark<Element>(
        entry.point, threads: plan.threads, ranks: ranks)
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
  func measureSubnormals() throws -> StepComparison {
    let results = try forEachEntry { entry -> StepComparison.Result in
      let benchmark = try StepBenchmark<Element>(
        entry.point, threads: plan.threads, ranks: ranks)
      let (flushed, unflushed) = try alternate(benchmark) { benchmark.flushesSubnormals = !$0 }
      report(entry, unflushed)
      return StepComparison.Result(
        entry: entry, plain: flushed, changed: unflushed,
        subnormal: try benchmark.subnormalShare())
    }
    terminal.clearLive()
    return StepComparison(plan: plan, change: .subnormals, results: results)
  }

  /// What an observer on every backward step costs.
  ///
  /// - Throws: `TrainingError`.
  func measureObserver() throws -> StepComparison {
    let results = try forEachEntry { entry -> StepComparison.Result in
      let benchmark = try StepBenchmark<Element>(
        entry.point, threads: plan.threads, ranks: ranks)
      let (plain, observed) = try alternate(benchmark) { benchmark.isObserved = $0 }
      report(entry, observed)
      return StepComparison.Result(
        entry: entry, plain: plain, changed: observed, subnormal: nil)
    }
    terminal.clearLive()
    return StepComparison(plan: plan, change: .observer, results: results)
  }

  /// What it costs to keep some states only.
  ///
  /// - Throws: `TrainingError`.
  func measureRecompute() throws -> StepComparison {
    let results = try forEachEntry { entry -> StepComparison.Result in
      let whole = try StepBenchmark<Element>(
        entry.point, threads: plan.threads, ranks: ranks)
      let changed = try StepBenchmark<Element>(
        entry.point, threads: plan.threads, recompute: plan.recompute ?? .auto, ranks: ranks)
      if let note = changed.recomputeNote { terminal.note("\(entry.label): \(note)") }
      let times = try alternate { $0 ? changed : whole }
      report(entry, times.changed)
      return StepComparison.Result(
        entry: entry, plain: times.plain, changed: times.changed, subnormal: nil)
    }
    terminal.clearLive()
    return StepComparison(plan: plan, change: .recompute, results: results)
  }

  /// The lowest of several medians without and with a change, in turns: the machine's own mood lasts
  /// longer than one of them.
  private func alternate(
    _ benchmark: StepBenchmark<Element>, _ change: (Bool) -> Void
  ) throws -> (plain: Double, changed: Double) {
    try alternate { isChanged in
      change(isChanged)
      return benchmark
    }
  }

  private func alternate(
    _ benchmark: (Bool) -> StepBenchmark<Element>
  ) throws -> (plain: Double, changed: Double) {
    var best = (plain: Double.infinity, changed: Double.infinity)
    for _ in 0..<4 {
      best.plain = min(best.plain, try benchmark(false).medianSeconds(budget: plan.budget / 4))
      best.changed = min(best.changed, try benchmark(true).medianSeconds(budget: plan.budget / 4))
    }
    return best
  }

  /// After an interrupt, the points that were measured up to it.
  private func forEachEntry<Result>(_ measure: (BenchPlan.Entry) throws -> Result) throws
    -> [Result]
  {
    Interrupt.install()
    var results: [Result] = []
    for entry in plan.entries {
      if ranks.any(Interrupt.isRequested) { break }
      terminal.drawLive([
        "\(results.count + 1)/\(plan.entries.count)  \(entry.label) \(entry.point.shape)"
      ])
      results.append(try measure(entry))
    }
    return results
  }

  /// A plain line for each point, where no live line is drawn.
  private func report(_ entry: BenchPlan.Entry, _ seconds: Double) {
    guard !terminal.isLive else { return }
    terminal.note(
      "\(entry.label) \(entry.point.shape): \(NumberText.significant(seconds * 1e3)) ms")
  }
}
