import Foundation
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollStudies
import UnrollText
import UnrollTraining

/// Training steps' times against the machine's peak: a table for people, an object for programs.
package struct BenchReport: BenchOutcome {
  package struct Result {
    package let entry: BenchPlan.Entry
    /// The median of a step.
    package let seconds: Double
    package let shares: StepShares

    package init(
      entry: BenchPlan.Entry, seconds: Double, shares: StepShares
    ) {
      self.entry = entry
      self.seconds = seconds
      self.shares = shares
    }

    package var gigaflops: Double { entry.point.operations / seconds / 1e9 }
  }

  package let plan: BenchPlan
  package let peak: MachinePeak
  package let results: [Result]

  package init(
    plan: BenchPlan, peak: MachinePeak, results: [Result]
  ) {
    self.plan = plan
    self.peak = peak
    self.results = results
  }

  /// BLAS's name for a matrix product in this precision.
  private var product: String { plan.isDouble ? "DGEMM" : "SGEMM" }

  private func fraction(_ result: Result) -> Double {
    result.gigaflops / (peak.product * Double(plan.ranks))
  }

  /// What `--json` prints.
  package var json: JSONValue {
    [
      "points": .array(results.map(json)), "threads": .integer(plan.threads),
      "ranks": .integer(plan.ranks),
      "precision": .string(plan.isDouble ? "double" : "float"),
      "\(product.lowercased())_peak_gflops": .number(peak.product),
      "multiply_add_peak_gflops": .number(peak.multiplyAdd), "cpu": .string(CPUFeatures.name),
      "version": .string(Version.current),
    ]
  }

  private func json(_ result: Result) -> JSONValue {
    let shares = result.shares
    return result.entry.json(with: [
      "ms": .number(result.seconds * 1e3), "gflops": .number(result.gigaflops),
      "peak_gflops": .number(peak.product), "fraction_of_peak": .number(fraction(result)),
      "parts": [
        "input_product": .number(shares.inputProduct),
        "recurrent_forward": .number(shares.recurrentForward), "gates": .number(shares.gates),
        "recurrent_backward": .number(shares.recurrentBackward),
        "weight_gradients": .number(shares.weightGradients),
        "all_reduce": .number(shares.allReduce), "update": .number(shares.update),
        "rest": .number(shares.rest),
      ],
    ])
  }

  /// A heading for each cell, a row for each of its shapes.
  package func print(on page: any TextPage) {
    page.printTitle("a training step: \(plan.setting)")
    var lines = ResultLines()
    lines.append("CPU", CPUFeatures.shown())
    lines.append(
      product,
      "\(NumberText.speed(peak.product)) GFLOP/s, \(MachinePeak.size) × \(MachinePeak.size) by BLAS,"
        + " rows shared by the threads")
    lines.append(
      "multiply-add", "\(NumberText.speed(peak.multiplyAdd)) GFLOP/s on registers alone")
    page.print(lines.text(columns: page.outputColumns) + "\n")
    page.printTable(of: results.map(\.entry.label), table)
    page.printFitted(
      """

      peak: share of \(product)'s GFLOP/s. Where a step's time goes: in: input product, fwd
      and bwd: recurrent products, gates: both ways, dW: weight gradients, update: all
      outside the pass (layout of weights, sums over threads, clipping, SGD, waiting),
      rest: of the pass
      """ + (plan.ranks > 1 ? "; sum: of the gradient over the ranks, with waiting" : ""))
  }

  private var table: TextTable {
    var table = TextTable(
      header: ["T,B,I,H", "ms", "GFLOP/s", "peak", "in", "fwd", "gates", "bwd", "dW"]
        + (plan.ranks > 1 ? ["sum"] : []) + ["update", "rest"])
    for result in results {
      let shares = result.shares
      table.append(
        [
          result.entry.point.shape, NumberText.significant(result.seconds * 1e3),
          NumberText.speed(result.gigaflops), percent(fraction(result)),
        ]
          + [
            shares.inputProduct, shares.recurrentForward, shares.gates, shares.recurrentBackward,
            shares.weightGradients,
          ].map(percent) + (plan.ranks > 1 ? [percent(shares.allReduce)] : [])
          + [shares.update, shares.rest].map(percent))
    }
    return table
  }

  private func percent(_ share: Double) -> String { String(format: "%.0f%%", share * 100) }
}
