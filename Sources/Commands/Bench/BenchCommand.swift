import UnrollCommandLine
import UnrollDenseMath
import UnrollRecurrentCells
import UnrollReports
import UnrollStudies
import UnrollText
import UnrollTraining

extension Command {
  /// `1 for rnn, 3 for gru and 4 for lstm`.
  private static var gates: String {
    CellKind.builtIn.map { ($0.name, CellSpecification($0).makeCell().gates) }
      .sorted { $0.1 < $1.1 }.map { "\($1) for \($0)" }.listed("and")
  }

  /// `unroll bench`.
  static let bench = Command(
    name: "bench",
    summary: "times training steps and compares them with this machine's own matrix products",
    discussion: """
      A step consists of forward, squared error at the last step, backward, clipping by the \
      global norm, and gradient descent, on random numbers. Without sizes, six shapes of each of \
      --cells are measured. With any of --cell, --length, --batch, --input and --hidden, only \
      that shape is measured.

      GFLOP/s are the floating-point operations of a step's products, 2·T·B·G·H·(2I + 3H), \
      divided by the median time, with G = \(gates). The peak is that of one \
      2,048 × 2,048 × 2,048 matrix product by BLAS on the same threads in the same run: the best of \
      several, before and after. Where the time goes is measured in further steps, \
      as a mean over the threads. Other programs that run at the same time lower every figure.

      Under mpirun -n N, N processes share the rows of each batch (see unroll help train). Then sum is \
      the time in which their gradients are summed, waiting for the slowest included, and the peak is \
      that of one process times N.

      --subnormals takes steps whose gradients fade to subnormal numbers (those too small for \
      full precision) and compares them with and without flushing these to zero, as training \
      does. By default its cells start as PyTorch's do. --observer compares steps with and \
      without taking norms at every backward step. --recompute compares steps that keep all \
      states for the backward pass with steps that keep some and run the others again.
      """,
    examples: [
      Example(line: "unroll bench", explanation: "six shapes of each cell"),
      Example(
        line: "unroll bench --cell gru --length 1000 --hidden 256 --threads 1",
        explanation: "one shape on one thread"),
      Example(
        line: "unroll bench --subnormals", explanation: "what subnormal numbers would cost"),
    ],
    options: [
      OptionTable.row("length").overriding(
        default: .value("200"), summary: "time steps of a sequence"),
      OptionTable.row("cell").overriding(
        default: .described("each of --cells"), summary: "the one cell to measure"),
      OptionTable.row("cells").overriding(
        default: .value(CellKind.builtIn.map(\.name).joined(separator: ",")),
        summary: "cells to measure, separated by commas"),
    ]
      + OptionTable.rows(
        "input", "hidden", "batch", "budget", "subnormals", "observer")
      + [
        OptionTable.row("recompute").overriding(
          default: .described("all states are kept"),
          summary: "measure steps that keep all states and steps that keep some: every:N one every "
            + "N steps, memory:SIZE as many as fit")
      ] + OptionTable.rows("serve", "precision", "threads", "json", "quiet"),
    sharesWork: true
  ) { arguments, terminal in
    let ranks = Ranks.present
    let (mode, plan) = try ranks.agree { try modeAndPlan(arguments, ranks) }
    guard let plan else {
      return try BenchService(arguments: arguments, terminal: terminal).run { readLine() }
    }
    try plan.isDouble
      ? run(mode, BenchSession<Double>(plan: plan, ranks: ranks, terminal: terminal), terminal)
      : run(mode, BenchSession<Float>(plan: plan, ranks: ranks, terminal: terminal), terminal)
    return try ranks.agree { Interrupt.isRequested ? .interrupted : .done }
  }

  /// What is measured and in which way; no plan for `--serve`.
  private static func modeAndPlan(
    _ arguments: Arguments, _ ranks: Ranks
  ) throws -> (mode: String?, BenchPlan?) {
    let modes =
      [OptionKey.subnormals, .observer, .serve].filter { arguments[$0] }.map(\.name)
      + (arguments.wasGiven(.recompute) ? [OptionKey.recompute.name] : [])
    if modes.count > 1 { throw UsageError.conflict(modes[0], modes[1]) }
    if arguments.isSet(.serve), arguments.isSet(.json) {
      throw UsageError.conflict("serve", "json")
    }
    if arguments.isSet(.serve) {
      if ranks.count > 1 {
        throw arguments.rejection(
          of: .serve, accepted: "left out where \(ranks.count) processes share the steps")
      }
      return (nil, nil)
    }
    return (modes.first, try BenchPlan(arguments, ranks: ranks.count))
  }

  private static func run<Element: Scalar>(
    _ mode: String?, _ session: BenchSession<Element>, _ terminal: Terminal
  ) throws {
    let report: any BenchOutcome =
      switch mode {
      case "subnormals": try session.measureSubnormals()
      case "observer": try session.measureObserver()
      case "recompute": try session.measureRecompute()
      default: try session.measureSteps()
      }
    report.print(on: terminal)
    terminal.printJSON(report.json.encoded())
  }
}
