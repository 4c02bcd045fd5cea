import UnrollDenseMath
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTraining

/// What N processes that share each batch would make of a training: the time of an update, from that
/// of one process, which is measured, and that of the sum of the gradient, from the ``NetworkLink``.
///
/// An update over N ranks takes as long as the rank with the most rows, ⌈B/N⌉, and then the sum. Both
/// are one after the other, as in training. Each rank is taken to have a machine like this one to itself.
package struct ScalingStudy: Sendable {
  /// An update over some ranks.
  package struct Point: Sendable, Equatable {
    package let ranks: Int
    /// Of the rank with the most.
    package let rows: Int
    /// Seconds of one process's update with as many rows; measured.
    package let compute: Double
    /// Seconds to sum the gradient, of each kind in the order of `AllReduce.allCases`.
    package let sums: [Double]
    /// Seconds to count the targets of all ranks before, where they are not all there.
    package let counting: Double

    package init(ranks: Int, rows: Int, compute: Double, sums: [Double], counting: Double) {
      self.ranks = ranks
      self.rows = rows
      self.compute = compute
      self.sums = sums
      self.counting = counting
    }

    /// Seconds of both, in the ways that are fastest here, which MPI is trusted to choose.
    package var sum: Double { (sums.min() ?? 0) + counting }
    /// Seconds of an update.
    package var update: Double { compute + sum }
  }

  package let plan: TrainingPlan
  package let link: NetworkLink
  /// 1, 2, 4, … and the number asked for.
  package let counts: [Int]
  /// Seconds to measure each number of rows.
  private let budget: Double

  package init(_ plan: TrainingPlan, ranks: Int, link: NetworkLink, budget: Double) {
    self.plan = plan
    self.link = link
    self.budget = budget
    var counts = [1]
    while let last = counts.last, last * 2 < ranks { counts.append(last * 2) }
    self.counts = ranks > 1 ? counts + [ranks] : counts
  }

  /// Refuses what training over the most ranks would, without allocating anything.
  ///
  /// - Throws: `TrainingError`.
  package func validate() throws { try plan.validate(ranks: counts.last ?? 1) }

  /// Bytes of the gradient.
  package var bytes: Int {
    plan.parameterCount * (plan.isDouble ? MemoryLayout<Double>.size : MemoryLayout<Float>.size)
  }

  /// The rows of the rank that has the most of `ranks`.
  private func rows(of ranks: Int) -> Int { (plan.settings.batch + ranks - 1) / ranks }

  /// How often each number of rows is measured, in turns, because what else a machine does lasts longer
  /// than one measurement. The lowest median counts.
  private static let rounds = 3

  /// Measures, and predicts.
  ///
  /// - Parameters:
  ///   - willMeasure: told the number of ranks before each measurement.
  ///   - shouldStop: asked before each measurement.
  /// - Returns: a point for each of ``counts``; nil if it was to stop.
  /// - Throws: `TrainingError`.
  package func points(
    willMeasure: (_ ranks: Int) -> Void = { _ in }, until shouldStop: () -> Bool = { false }
  ) throws -> [Point]? {
    plan.isDouble
      ? try points(as: Double.self, willMeasure, shouldStop)
      : try points(as: Float.self, willMeasure, shouldStop)
  }

  private func points<Element: Scalar>(
    as type: Element.Type, _ willMeasure: (Int) -> Void, _ shouldStop: () -> Bool
  ) throws -> [Point]? {
    var seconds = Array(repeating: Double.infinity, count: counts.count)
    for _ in 0..<Self.rounds {
      for (place, ranks) in counts.enumerated() {
        if shouldStop() { return nil }
        willMeasure(ranks)
        // Made anew each time, so that no more than one is in memory.
        let trainer: Trainer<Element> = try share(of: ranks).trainer()
        let median = try trainer.medianSeconds(budget: budget / Double(Self.rounds))
        seconds[place] = min(seconds[place], median)
      }
    }
    return zip(counts, seconds).map(point)
  }

  /// What one of `ranks` trains: its rows, as a batch of their own.
  private func share(of ranks: Int) -> TrainingPlan {
    var plan = plan
    plan.settings.batch = rows(of: ranks)
    plan.settings.updates = .max
    // Weights that overflow are no matter to the clock.
    plan.settings.nonFinite = .skip
    return plan
  }

  /// The prediction for `ranks` from the measured seconds of one with its rows.
  package func point(_ ranks: Int, compute: Double) -> Point {
    func sums(_ bytes: Int) -> [Double] {
      AllReduce.allCases.map { $0.seconds(bytes: Double(bytes), ranks: ranks, link: link) }
    }
    // The few scalars beside the gradient are on their way at the same time.
    return Point(
      ranks: ranks, rows: rows(of: ranks), compute: compute, sums: sums(bytes),
      counting: plan.task.hasEveryTarget ? 0 : sums(MemoryLayout<Double>.size).min() ?? 0)
  }
}
