import Foundation
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollStudies
import UnrollText

/// Training steps' times as training makes them, and changed in one way.
package struct StepComparison: BenchOutcome {
  /// What is changed.
  package enum Change {
    /// Subnormal numbers stay instead of becoming zero.
    case subnormals
    /// An observer watches every backward step.
    case observer
    /// Not all states are kept for the backward pass.
    case recompute
  }

  package struct Result {
    package let entry: BenchPlan.Entry
    /// Median seconds of a step.
    package let plain, changed: Double
    /// The share of subnormal numbers among the gradients by the pre-activations, without flushing;
    /// nil for an observer.
    package let subnormal: Double?

    package init(
      entry: BenchPlan.Entry, plain: Double, changed: Double, subnormal: Double?
    ) {
      self.entry = entry
      self.plain = plain
      self.changed = changed
      self.subnormal = subnormal
    }

    package var ratio: Double { changed / plain }
  }

  package let plan: BenchPlan
  package let change: Change
  package let results: [Result]

  package init(
    plan: BenchPlan, change: Change, results: [Result]
  ) {
    self.plan = plan
    self.change = change
    self.results = results
  }

  /// What `--json` prints.
  package var json: JSONValue {
    [
      "points": .array(
        results.map { result in
          var object: JSONObject = [
            "\(names.plain)_ms": .number(result.plain * 1e3),
            "\(names.changed)_ms": .number(result.changed * 1e3), "ratio": .number(result.ratio),
          ]
          if let subnormal = result.subnormal { object["subnormal_fraction"] = .number(subnormal) }
          return result.entry.json(with: object)
        }),
      "threads": .integer(plan.threads),
      "precision": .string(plan.isDouble ? "double" : "float"), "cpu": .string(CPUFeatures.name),
      "version": .string(Version.current),
    ]
  }

  private var names: (plain: String, changed: String) {
    switch change {
    case .subnormals: ("flushed", "unflushed")
    case .observer: ("plain", "observed")
    case .recompute: ("kept", "recomputed")
    }
  }

  package func print(on page: any TextPage) {
    page.printTitle("\(title): \(plan.setting)")
    page.printFitted("  CPU  \(CPUFeatures.shown())\n")
    let extra = change == .subnormals ? ["subnormal"] : []
    var table = TextTable(header: ["T,B,I,H", names.plain, names.changed, "ratio"] + extra)
    for result in results {
      table.append(
        [
          result.entry.point.shape, "\(NumberText.significant(result.plain * 1e3)) ms",
          "\(NumberText.significant(result.changed * 1e3)) ms",
          String(format: "%.3f", result.ratio),
        ] + (result.subnormal.map { [NumberText.percent($0)] } ?? []))
    }
    page.printTable(of: results.map(\.entry.label), table)
    page.printFitted("\n" + explanation)
    if results.contains(where: { $0.subnormal == 0 }) {
      page.printFitted("Where none are subnormal there is nothing to flush.")
    }
  }

  private var title: String {
    switch change {
    case .subnormals: "a training step, subnormal numbers flushed to zero and not"
    case .observer: "a training step, alone and with an observer"
    case .recompute: "a training step, all states kept and some computed again"
    }
  }

  private var explanation: String {
    switch change {
    case .subnormals:
      """
      flushed: as training does it; subnormal: such numbers among the gradients by
      the pre-activations of all steps, without flushing. Weights are as the cell's
      initializer leaves them: pytorch's, unless the cell names another.
      """
    case .observer:
      """
      observed: each row's norm of the gradient by h, and by c, at every backward
      step, as a decay curve takes it.
      """
    case .recompute:
      """
      recomputed: states between checkpoints in time are run forward again in the
      backward pass, under --recompute \(plan.recompute ?? .auto).
      """
    }
  }
}
