import Foundation
import UnrollDenseMath
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollStudies
import UnrollText

/// What more processes would make of an update: a table for people, an object for programs.
package struct ScalingReport {
  private let study: ScalingStudy
  private let points: [ScalingStudy.Point]

  package init(_ study: ScalingStudy, _ points: [ScalingStudy.Point]) {
    self.study = study
    self.points = points
  }

  private var plan: TrainingPlan { study.plan }
  private var one: Double { points[0].update }

  /// How many times as many updates a second as of one process.
  private func speedup(_ point: ScalingStudy.Point) -> Double { one / point.update }
  private func efficiency(_ point: ScalingStudy.Point) -> Double {
    speedup(point) / Double(point.ranks)
  }

  /// With the least time of an update, and the fewest ranks where several have it.
  private var fastest: ScalingStudy.Point {
    points.dropFirst().reduce(points[0]) { $1.update < $0.update ? $1 : $0 }
  }

  /// What `--json` prints.
  package var json: JSONValue {
    [
      "task": .string(plan.task.name), "cell": .string(plan.specification.description),
      "parameters": .integer(plan.parameterCount), "gradient_bytes": .integer(study.bytes),
      "batch": .integer(plan.settings.batch), "threads": .integer(plan.settings.threads),
      "precision": .string(plan.isDouble ? "double" : "float"),
      "latency_seconds": .number(study.link.latency),
      "bandwidth_bytes_per_second": .number(study.link.bandwidth),
      "points": .array(points.map(json)), "fastest_ranks": .integer(fastest.ranks),
      "is_doubtful": .bool(isDoubtful),
      "cpu": .string(CPUFeatures.name), "version": .string(Version.current),
    ]
  }

  private func json(_ point: ScalingStudy.Point) -> JSONValue {
    var object: JSONObject = [
      "ranks": .integer(point.ranks), "rows": .integer(point.rows),
      "compute_ms": .number(point.compute * 1e3),
    ]
    for (kind, seconds) in zip(AllReduce.allCases, point.sums) {
      object["\(kind.rawValue)_ms"] = .number(seconds * 1e3)
    }
    object["update_ms"] = .number(point.update * 1e3)
    object["speedup"] = .number(speedup(point))
    object["efficiency"] = .number(efficiency(point))
    return .object(object)
  }

  /// What was measured, the table, and a sentence on what it says.
  package func print(on page: any TextPage) {
    page.printTitle("an update shared by up to \(points.last?.ranks ?? 1) ranks")
    var lines = ResultLines()
    lines.append(
      "model",
      "\(plan.specification) of \(NumberText.count(plan.parameterCount, "parameter")) on "
        + "\(plan.task.name), batch \(plan.settings.batch)")
    lines.append(
      "gradient",
      "\(Recompute.text(ofBytes: Double(study.bytes))), summed over the ranks in each update"
    )
    lines.append(
      "network",
      "latency \(NumberText.significant(study.link.latency * 1e6)) µs, bandwidth "
        + "\(NumberText.significant(study.link.bandwidth * 8 / 1e9)) Gbit/s")
    lines.append(
      "measured",
      "one process on \(CPUFeatures.shown()), \(NumberText.count(plan.settings.threads, "thread"))")
    page.print(lines.text(columns: page.outputColumns) + "\n")
    page.printTable(table, indent: 0)
    page.printFitted(
      """

      milliseconds. compute: an update of one process with a rank's rows, measured;
      ring, tree, doubling: the sum of the gradient in three ways, predicted;
      update: compute and the fastest sum. Efficiency is speedup / ranks.
      """)
    page.print((isDoubtful ? Self.doubt : verdict).wrapped(columns: page.outputColumns))
  }

  /// Whether a share of the rows took much less than its part of the time, or more time than a larger share.
  private var isDoubtful: Bool {
    points.contains { points[0].compute > 1.2 * $0.compute * Double($0.ranks) }
      || zip(points, points.dropFirst()).contains { $1.compute > 1.1 * $0.compute }
  }

  private static let doubt =
    "The times of compute do not follow from the rows: something else ran meanwhile, and which number of "
    + "ranks is the fastest cannot be said. Measure again, with a larger --budget."

  private var table: TextTable {
    var table = TextTable(
      header: ["ranks", "rows", "compute"] + AllReduce.allCases.map(\.rawValue)
        + ["update", "speedup", "efficiency"])
    for point in points {
      let sums = point.ranks == 1 ? point.sums.map { _ in "-" } : point.sums.map(milliseconds)
      table.append(
        [NumberText.count(point.ranks), NumberText.count(point.rows), milliseconds(point.compute)]
          + sums + [
            milliseconds(point.update), String(format: "%.2f", speedup(point)),
            NumberText.percent(efficiency(point)),
          ])
    }
    return table
  }

  /// In three digits: it is a prediction.
  private func milliseconds(_ seconds: Double) -> String { NumberText.speed(seconds * 1e3) }

  /// Whether it pays, in a sentence.
  private var verdict: String {
    let fastest = fastest
    guard fastest.ranks > 1 else {
      let two = points[1]
      let saved = one - two.compute
      return "One process is the fastest: with \(two.ranks) ranks, sharing the rows saves "
        + "\(saved > 0 ? milliseconds(saved) + " ms" : "no time") and the sum takes "
        + "\(milliseconds(two.sum)) ms."
    }
    let well = points.last { $0.ranks <= fastest.ranks && efficiency($0) >= 0.5 } ?? points[0]
    return "\(NumberText.count(fastest.ranks)) ranks are the fastest: "
      + "\(String(format: "%.2f", speedup(fastest))) times the updates a second of one process. "
      + (well.ranks == fastest.ranks
        ? "More than half of each is used."
        : well.ranks == 1
          ? "Less than half of each is used, from 2 ranks on."
          : "More than half of each is used up to \(NumberText.count(well.ranks)) ranks.")
  }
}
