import Foundation
import UnrollCommandLine
import UnrollDenseMath
import UnrollFileFormats
import UnrollReports
import UnrollStudies
import UnrollTraining

/// Measures points as they are asked for: how `tools/bench-peers` talks to the program.
///
/// Prints the program's name as a JSON text. Then each line read, an object with `cell`, `length`,
/// `batch`, `input`, `hidden` and `budget`, is answered with the median milliseconds of a step.
struct BenchService {
  let arguments: Arguments
  let terminal: Terminal

  /// Runs until there is no next line, or nobody reads the answers.
  ///
  /// - Throws: `FileError` for a line that is no JSON object, and as `BenchPlan`.
  func run(nextLine: () -> String?) throws -> ExitStatus {
    terminal.print(JSONValue.string("Unroll \(Version.current)").encoded())
    var number = 0
    while !terminal.isOutputClosed, let line = nextLine() {
      number += 1
      let plan = try plan(line, number: number)
      let seconds =
        try plan.isDouble
        ? median(plan, as: Double.self) : median(plan, as: Float.self)
      terminal.print(JSONValue.number(seconds * 1e3).encoded())
    }
    return .done
  }

  private func plan(_ line: String, number: Int) throws -> BenchPlan {
    let place = "standard input, line \(number)"
    let keys = ["cell", "length", "batch", "input", "hidden", "budget"]
    let filled = try arguments.filling(keys, from: request(line, number: number), at: place)
    guard filled.wasGiven(.cell) else {
      throw UsageError.missing(OptionTable.row("cell"), command: place)
    }
    return try BenchPlan(filled)
  }

  private func request(_ line: String, number: Int) throws(FileError) -> JSONObject {
    do throws(FileProblem) {
      guard let object = try JSONValue(parsing: Data(line.utf8)).object else {
        throw FileProblem.badJSON(byteOffset: 0)
      }
      return object
    } catch {
      throw .malformed(path: "standard input", line: number, error)
    }
  }

  private func median<Element: Scalar>(
    _ plan: BenchPlan, as type: Element.Type
  ) throws -> Double {
    try StepBenchmark<Element>(plan.entries[0].point, threads: plan.threads)
      .medianSeconds(budget: plan.budget)
  }
}
