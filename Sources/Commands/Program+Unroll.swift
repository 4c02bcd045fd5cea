import Foundation
import UnrollCommandLine
import UnrollDenseMath
import UnrollFigures
import UnrollReports
import UnrollStudies
import UnrollText
import UnrollTraining

extension CommandTable {
  /// The program's commands, in the order help lists them.
  static let all = CommandTable(
    [
      .train,
      .decay,
      .depth,
      .lesson,
      .clip,
      .sweep,
      .merge,
      .report,
      .evaluate,
      .predict,
      .sample,
      .export,
      .check,
      .bench,
      .plan,
      .tasks,
      .cells,
      .info,
    ],
    purpose: "unroll trains recurrent networks and shows what happens to the gradient in the "
      + "backward pass through time.",
    manual: .unroll)
}

extension Program {
  /// The program `unroll`.
  static let unroll = Program(
    table: .all, version: Version.current,
    checkEnvironment: {
      try StandardDescriptors.requireFree(16)
      try checkVectorKernels()
    }, checkMachine: checkArithmetic)

  /// Refuses vector kernels that would silently be others.
  private static func checkVectorKernels() throws(UsageError) {
    let available = CPUFeatures.availableVectorKernels
    guard let requested = CPUFeatures.requestedVectorKernels, !available.contains(requested)
    else { return }
    throw UsageError.environment(
      variable: "UNROLL_KERNELS", value: requested,
      accepted: "one of \(available.joined(separator: ", ")) on this CPU; without it the best is "
        + "taken")
  }

  /// Refuses to compute without the memory that BLAS works in, or with routines that are wrong here.
  private static func checkArithmetic(_ arguments: Arguments) throws {
    do throws(BLASMemoryError) {
      try BLASLibrary.reserveBuffers(threads: arguments.has(.threads) ? arguments[.threads] : 1)
    } catch {
      // OpenBLAS's own threads look for memory for ever, and a usual exit waits for them.
      endProcess(error.description)
    }
    try ArithmeticCheck.run(status: ExitStatus.failed.rawValue) { "unroll: \($0)\n" }
  }
}

/// Runs `unroll` on the words after the program's name.
///
/// - Returns: the exit status: 0 done, 1 could not, 2 wrong usage, 3 training became non-finite,
///   130 interrupted.
public func run(arguments: [String]) -> Int32 { run(arguments: arguments, ranks: .single) }

private func run(arguments: [String], ranks: Ranks) -> Int32 {
  // A reader that has gone away is seen as EPIPE on the write instead of killing the program, so
  // that the files of a run are still written.
  signal(SIGPIPE, SIG_IGN)
  // A file that reaches the limit of ulimit -f is seen as EFBIG.
  signal(SIGXFSZ, SIG_IGN)
  return Program.unroll.run(arguments, on: standardTerminal(), ranks: ranks).rawValue
}

/// The program: runs the process's own command line and exits.
public func unrollMain() -> Never {
  // Before any file is opened.
  StandardDescriptors.openClosed()
  if let problem = BLASProblem.present {
    standardTerminal().error(problem.description)
    exit(ExitStatus.failed.rawValue)
  }
  Gnuplot.endAtSignals()
  // Before there are threads, because this may change the environment for a moment.
  let words = Array(CommandLine.arguments.dropFirst())
  if let kernels = KernelChoice(askedForBy: words, in: .all) {
    kernels.apply()
  } else {
    BLASLibrary.prepare()
  }
  exit(run(arguments: words, ranks: joinedRanks()))
}

private func standardTerminal() -> Terminal {
  .standard(isLaunched: Launch.isLauncher(in: ProcessInfo.processInfo.environment))
}

/// The processes that were started together with this one. Where they cannot work together, one of them
/// says so and all end.
private func joinedRanks() -> Ranks {
  do {
    return try Ranks.join()
  } catch {
    let isFirst = (Launch(ProcessInfo.processInfo.environment)?.rank ?? 0) == 0
    // Launchers end the others when one fails, so that only the one that speaks may.
    guard isFirst else { exit(ExitStatus.done.rawValue) }
    standardTerminal().error(ErrorMessage.text(for: error))
    exit(ExitStatus.failed.rawValue)
  }
}
