import UnrollCommandLine
import UnrollDenseMath
import UnrollReports
import UnrollStudies

extension Command {
  /// `unroll bench`.
  static let bench = Command(
    name: "bench",
    summary: "a training step's time against this machine's own matrix products",
    discussion: """
      A step is forward, squared error at the last step, backward, clipping by the global norm, \
      gradient descent, on random numbers. Without sizes, six shapes of each of --cells; any of \
      --cell, --length, --batch, --input and --hidden measures that one shape.

      GFLOP/s count the products of a step, 2·T·B·G·H·(2I + 3H), with G = 1 for rnn, 3 for gru and \
      4 for lstm, over the median time. The peak is that of one matrix product by BLAS, 2,048 each \
      way, on the same threads in the same run, the best of several before and after. Where the \
      time goes is taken from further steps, the mean over the threads. Other programs that run \
      meanwhile lower everything.

      --subnormals compares steps whose gradients fade to subnormal numbers (by default of cells \
      that start as PyTorch's) with and without flushing those to zero, as training does. \
      --observer compares them with and without norms taken at every backward step.
      """,
    examples: [
      Example(line: "unroll bench", explanation: "six shapes of each cell"),
      Example(
        line: "unroll bench --cell gru --length 1000 --hidden 256 --threads 1",
        explanation: "one point on one thread"),
      Example(
        line: "unroll bench --subnormals", explanation: "what subnormal numbers would have cost"),
    ],
    options: [
      OptionTable.row("length").overriding(
        default: .value("200"), summary: "time steps of a sequence"),
      OptionTable.row("cell").overriding(
        default: .described("each of --cells"), summary: "the one cell to measure"),
      OptionTable.row("cells").overriding(
        default: .value("rnn,lstm,gru"), summary: "cells to measure, between commas"),
    ]
      + OptionTable.rows(
        "input", "hidden", "batch", "budget", "subnormals", "observer", "serve", "precision",
        "threads", "json",
        "quiet")
  ) { arguments, terminal in
    let modes = [OptionKey.subnormals, .observer, .serve].filter { arguments[$0] }.map(\.name)
    if modes.count > 1 { throw UsageError.conflict(modes[0], modes[1]) }
    if arguments.isSet(.serve), arguments.isSet(.json) {
      throw UsageError.conflict("serve", "json")
    }
    if arguments.isSet(.serve) {
      return try BenchService(arguments: arguments, terminal: terminal).run { readLine() }
    }
    let plan = try BenchPlan(arguments)
    try plan.isDouble
      ? run(modes.first, BenchSession<Double>(plan: plan, terminal: terminal), terminal)
      : run(modes.first, BenchSession<Float>(plan: plan, terminal: terminal), terminal)
    return Interrupt.isRequested ? .interrupted : .done
  }

  private static func run<Element: Scalar>(
    _ mode: String?, _ session: BenchSession<Element>, _ terminal: Terminal
  ) throws {
    let report: any BenchOutcome =
      switch mode {
      case "subnormals": try session.measureSubnormals()
      case "observer": try session.measureObserver()
      default: try session.measureSteps()
      }
    report.print(on: terminal)
    terminal.printJSON(report.json.encoded())
  }
}
