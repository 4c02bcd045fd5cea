import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollRecurrentCells
import UnrollText
import UnrollTraining

/// What is measured, and how.
package struct BenchPlan: Sendable {
  /// A point and its cell as it was written.
  package struct Entry: Sendable, Equatable {
    package let label: String
    package let point: BenchmarkPoint

    package init(label: String, point: BenchmarkPoint) {
      self.label = label
      self.point = point
    }
  }

  /// T, B, I, H of the shapes that stand for small, usual and large models.
  package static let grid = [
    (100, 32, 2, 32), (200, 20, 2, 128), (100, 32, 64, 128), (64, 64, 128, 256),
    (64, 64, 256, 512), (64, 64, 512, 1_024),
  ]

  /// Cell by cell.
  package let entries: [Entry]
  package let threads: Int
  /// The processes that share a batch, each with as many threads.
  package let ranks: Int
  /// Whether Float64 is measured.
  package let isDouble: Bool
  /// Seconds a point.
  package let budget: Double
  /// How states are kept in the steps that are compared with those that keep all; nil where that is
  /// not measured.
  package let recompute: Recompute?

  package init(
    entries: [Entry], threads: Int, ranks: Int = 1, isDouble: Bool, budget: Double,
    recompute: Recompute? = nil
  ) {
    self.ranks = ranks
    self.entries = entries
    self.threads = threads
    self.isDouble = isDouble
    self.budget = budget
    self.recompute = recompute
  }

  /// Refuses, before anything is allocated, sizes that the machine cannot hold, and batches with fewer
  /// rows than ranks.
  ///
  /// - Throws: `TrainingError`.
  package func validate() throws(TrainingError) {
    let measured: [Recompute] = [.auto] + (recompute.map { [$0] } ?? [])
    for entry in entries {
      for recompute in measured {
        isDouble
          ? try StepBenchmark<Double>.validate(
            entry.point, threads: threads, recompute: recompute, ranks: ranks)
          : try StepBenchmark<Float>.validate(
            entry.point, threads: threads, recompute: recompute, ranks: ranks)
      }
    }
  }

  /// What else decides on the speed: `float, 2 threads`, `float, 2 ranks of 1 thread`.
  package var setting: String {
    "\(isDouble ? "double" : "float"), "
      + (ranks > 1 ? "\(NumberText.count(ranks, "rank")) of " : "")
      + NumberText.count(threads, "thread")
  }
}

extension BenchmarkPoint {
  /// T, B, I, H as the tables show them: `200,20,2,128`.
  package var shape: String { "\(length),\(batch),\(input),\(hidden)" }
}

extension BenchPlan.Entry {
  /// An object of the point and of what was measured at it.
  package func json(with results: JSONObject) -> JSONValue {
    var object: JSONObject = [
      "cell": .string(label), "length": .integer(point.length), "batch": .integer(point.batch),
      "input": .integer(point.input), "hidden": .integer(point.hidden),
    ]
    for (key, value) in results { object[key] = value }
    return .object(object)
  }
}
