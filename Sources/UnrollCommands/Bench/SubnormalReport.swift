import DenseMath
import FileFormats
import Foundation

/// Training steps' times with and without flushing subnormal numbers to zero.
struct SubnormalReport {
  struct Result {
    let entry: BenchPlan.Entry
    /// Median seconds of a step, as in training and without flushing.
    let flushed, unflushed: Double
    /// The share of subnormal numbers among the gradients by the pre-activations, without flushing.
    let subnormal: Double

    var ratio: Double { unflushed / flushed }
  }

  let plan: BenchPlan
  let results: [Result]

  /// What `--json` prints.
  var json: JSONValue {
    [
      "points": .array(
        results.map { result in
          result.entry.json(with: [
            "flushed_ms": .number(result.flushed * 1e3),
            "unflushed_ms": .number(result.unflushed * 1e3), "ratio": .number(result.ratio),
            "subnormal_fraction": .number(result.subnormal),
          ])
        }),
      "threads": .integer(plan.threads),
      "precision": .string(plan.isDouble ? "double" : "float"), "cpu": .string(CPUFeatures.name),
      "version": .string(Version.current),
    ]
  }

  func print(on terminal: Terminal) {
    terminal.print(
      terminal.styled(
        "a training step, subnormal numbers flushed to zero and not: \(plan.setting)",
        .bold))
    terminal.print("  CPU  \(Machine.cpuText())\n")
    var table = TextTable("T,B,I,H", "flushed", "unflushed", "ratio", "subnormal")
    for result in results {
      table.append([
        result.entry.point.shape, "\(NumberText.significant(result.flushed * 1e3)) ms",
        "\(NumberText.significant(result.unflushed * 1e3)) ms",
        String(format: "%.2f", result.ratio), NumberText.percent(result.subnormal),
      ])
    }
    terminal.printTable(of: results.map(\.entry.label), table)
    terminal.print(
      """

      flushed: as training does it; subnormal: such numbers among the gradients by
      the pre-activations of all steps, without flushing. Weights are as the cell's
      initialiser leaves them: pytorch's, unless the cell names another.
      """)
    if results.contains(where: { $0.subnormal == 0 }) {
      terminal.print("Where none are subnormal there is nothing to flush.")
    }
  }
}
