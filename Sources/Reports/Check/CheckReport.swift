import UnrollDenseMath
import UnrollFileFormats
import UnrollStudies
import UnrollText

/// The results of all cases: a table and a summary for people, an object for programs.
public struct CheckReport {
  private let cases: [CheckCase]
  private let cellResults: [CheckResult]
  private let regularizers: [RegularizerCheckCase]
  private let regularizerResults: [CheckResult]
  private let stacks: [FeedForwardCheckCase]
  private let stackResults: [CheckResult]
  private let method: CheckMethod

  /// The results of `cases`, and of regularizers and stacks that were checked beside them.
  ///
  /// - Precondition: each case has a result, in the same order.
  public init(
    _ cases: [CheckCase], _ results: [CheckResult], regularizers: [RegularizerCheckCase] = [],
    _ regularizerResults: [CheckResult] = [], stacks: [FeedForwardCheckCase] = [],
    _ stackResults: [CheckResult] = [], method: CheckMethod = .differences
  ) {
    require(
      cases.count == results.count, "expected \(cases.count) results, got \(results.count)")
    require(
      regularizers.count == regularizerResults.count,
      "expected \(regularizers.count) results, got \(regularizerResults.count)")
    require(
      stacks.count == stackResults.count,
      "expected \(stacks.count) results, got \(stackResults.count)")
    self.cases = cases
    cellResults = results
    self.regularizers = regularizers
    self.regularizerResults = regularizerResults
    self.stacks = stacks
    self.stackResults = stackResults
    self.method = method
  }

  private var results: [CheckResult] { cellResults + regularizerResults + stackResults }

  private var failures: Int { results.count { !$0.isOK } }

  /// Whether every case agreed.
  public var isOK: Bool { failures == 0 }

  /// What `summary.json` holds and `--json` prints.
  public var json: JSONValue {
    [
      "cases": .array(
        results.map { result in
          [
            "name": .string(result.name), "relative_error": .number(result.error),
            "ok": .bool(result.isOK), "worst_tensor": JSONValue(result.worstTensor),
            "compared": .integer(result.compared), "left_out": .integer(result.leftOut),
            "rounding": .number(result.rounding),
          ]
        }),
      "tolerance": .number(method.tolerance), "failed": .integer(failures),
    ]
  }

  /// A table of all cases and a summary below it, in lines of at most 80 characters.
  public var text: String { PlainPage.text { print(on: $0) } }

  /// A heading for each cell, a row for each of its cases.
  package func print(on page: any TextPage) {
    var table = TextTable(
      "L", "loss", "at", "cut", "state", "inputs", "penalty", "error", "in", "")
    for (check, result) in zip(cases, cellResults) {
      table.append([
        "\(check.layers)", check.loss.shortName, check.supervision.rawValue, "\(check.window)",
        check.initialState.rawValue, check.inputs.rawValue, check.penalty.name,
        NumberText.scientific(result.error), result.worstTensor ?? "all",
        result.isOK ? "" : page.styled(verdict(on: result), .red),
      ])
    }
    page.printTable(of: cases.map(\.label), table, keys: 4)
    printRegularizers(on: page)
    printStacks(on: page)
    page.printFitted(
      "\nL: layers; at: steps with targets; cut: truncation window; in: worst tensor"
        + (method == .precisions ? "; Float32 against Float64" : ""))
    page.printFitted(summary(on: page))
  }

  private func printRegularizers(on page: any TextPage) {
    guard !regularizers.isEmpty else { return }
    var table = TextTable("L", "error", "in", "regularizer omega, by W_hh alone", "")
    for (check, result) in zip(regularizers, regularizerResults) {
      table.append([
        "\(check.sizes.layers)", NumberText.scientific(result.error), result.worstTensor ?? "all",
        check.label.escaped, result.isOK ? "" : page.styled(verdict(on: result), .red),
      ])
    }
    page.print("")
    page.printTable(table)
  }

  private func printStacks(on page: any TextPage) {
    guard !stacks.isEmpty else { return }
    var table = TextTable("loss", "penalty", "error", "in", "stack of 3 layers", "")
    for (check, result) in zip(stacks, stackResults) {
      table.append([
        check.loss.shortName, check.penalty.name, NumberText.scientific(result.error),
        result.worstTensor ?? "all", check.label,
        result.isOK ? "" : page.styled(verdict(on: result), .red),
      ])
    }
    page.print("")
    page.printTable(table)
  }

  private func verdict(on result: CheckResult) -> String {
    method == .differences && result.error <= 10 * result.rounding
      ? "failed: gradients too small for differences" : "failed"
  }

  private func summary(on page: any TextPage) -> String {
    let verdict =
      failures == 0
      ? page.styled("all agree", .green)
      : page.styled("\(NumberText.count(failures)) failed", .red)
    let worst = NumberText.scientific(results.map(\.error).max() ?? 0)
    let compared = NumberText.count(results.reduce(0) { $0 + $1.compared })
    let leftOut = NumberText.count(results.reduce(0) { $0 + $1.leftOut })
    let tolerance = "\(method.tolerance)".replacing("e-0", with: "e-")
    return
      "\(NumberText.count(results.count)) cases, \(verdict): largest error \(worst), accepted up to "
      + "\(tolerance);\n\(compared) elements compared, \(leftOut) left out at a kink"
  }
}
