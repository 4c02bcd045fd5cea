import UnrollCommandLine
import UnrollReports
import UnrollStudies

extension Command {
  /// The hidden size where precisions are compared: whole vectors of every kernel, and a rest.
  private static let floatHidden = 37

  /// `unroll check`.
  static let check = Command(
    name: "check",
    summary:
      "compares backpropagation with central differences for every parameter, input and state",
    discussion: """
      Compares the gradients of backpropagation with central differences, on small models with \
      random weights and data, in Float64. For each cell the cases try every pair of the other \
      settings: layers, loss, steps with a target (rows of different lengths, masked), window, \
      initial state, inputs, penalty. In truncated windows the carried state is held constant, \
      and checked as an input of its own. The rnn cell is also checked with the regularizer Ω, \
      differentiated with respect to W_hh while the states and ∂L/∂h are held constant. Without \
      --cells, feed-forward stacks are checked too: every activation with and without batch \
      normalization and residual connections.

      The error is ‖d_approx − d‖ / (‖d_approx‖ + ‖d‖). It is taken over all parameters, inputs \
      and initial states together, and for each tensor alone, where 1e-6 of the whole gradient's \
      norm is added to the denominator. The table shows the larger one, with its tensor. The \
      step of the differences is 6e-6·max(1, |θ|). An element is left out, and counted, if its \
      two evaluations lie on different sides of a kink (a point where the activation has no \
      derivative). A case fails above 1e-7, and the exit status is then 1.

      With --precision float, the same cases are run in Float32 and compared with Float64 instead: \
      backpropagation in each, at the same numbers. No differences are taken, the hidden size is \
      37, which fills vectors and leaves a rest, and a case fails above 3e-5.
      """,
    examples: [
      Example(line: "unroll check", explanation: "every cell with every activation"),
      Example(
        line: "unroll check --cells rnn/activation=elu:2,lstm/init=orthogonal --hidden 8",
        explanation: "two cells as specified"),
      Example(
        line: "unroll check --precision float",
        explanation: "the arithmetic that training uses, against Float64"),
    ],
    options: [
      OptionTable.row("cells").overriding(
        default: .described("every cell, with every activation"),
        summary: "cells to check, separated by commas"),
      OptionTable.row("hidden").overriding(
        form: .integer(1...256),
        default: .described("\(CheckSizes().hidden), or \(floatHidden) with --precision float")),
      OptionTable.row("layers").overriding(
        form: .integer(1...16), default: .value("\(CheckSizes().layers)"),
        summary: "the largest number of stacked layers"),
      OptionTable.row("length").overriding(
        form: .integer(1...1_000), default: .value("\(CheckSizes().length)"),
        summary: "time steps of a sequence"),
      OptionTable.row("precision").overriding(
        default: .value("double"),
        summary: "double: with central differences; float: Float32 with Float64"),
      OptionTable.row("seed"), OptionTable.row("config"),
      OptionTable.row("out").overriding(default: .described("no files")),
      OptionTable.row("json"), OptionTable.row("quiet"),
    ]
  ) { arguments, terminal in
    let method: CheckMethod = arguments[.precision] == "float" ? .precisions : .differences
    let sizes = CheckSizes(
      hidden: arguments[optional: .hidden]
        ?? (method == .precisions ? floatHidden : CheckSizes().hidden), layers: arguments[.layers],
      length: arguments[.length])
    let cells =
      arguments.wasGiven(.cells) ? try arguments.cellSpecifications() : CheckCase.allCells
    let output = try arguments[optional: .out].map { _ in
      try RunOutput(arguments, subject: nil, terminal: terminal)
    }
    try output?.writeConfig(arguments)

    let cases = CheckCase.all(of: cells, sizes: sizes)
    let results = cases.enumerated().map { index, check in
      terminal.drawLive(["\(index + 1)/\(cases.count)  \(check.name)"])
      return check.run(seed: arguments.seed, method: method)
    }
    let regularizers = RegularizerCheckCase.all(of: cells, sizes: sizes)
    let regularizerResults = regularizers.map { check in
      terminal.drawLive([check.name])
      return check.run(seed: arguments.seed, method: method)
    }
    let stacks = arguments.wasGiven(.cells) ? [] : FeedForwardCheckCase.all
    let stackResults = stacks.map { check in
      terminal.drawLive([check.name])
      return check.run(seed: arguments.seed, method: method)
    }
    terminal.clearLive()

    let report = CheckReport(
      cases, results, regularizers: regularizers, regularizerResults, stacks: stacks, stackResults,
      method: method)
    report.print(on: terminal)
    if let output {
      try output.writeSummary(report.json)
    } else {
      terminal.printJSON(report.json.encoded())
    }
    return report.isOK ? .done : .failed
  }
}
