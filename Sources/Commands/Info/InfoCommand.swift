import Foundation
import UnrollCommandLine
import UnrollStudies
import UnrollText

extension Command {
  /// `unroll info`.
  static let info = Command(
    name: "info",
    summary:
      "shows the version, CPU and threads, and which BLAS library and kernels are in use and why",
    discussion: """
      The speeds are those of square matrix products, the best of a few measured now. Other \
      programs that run at the same time lower them.

      The environment variable OPENBLAS_CORETYPE chooses OpenBLAS's kernels (Haswell, SkylakeX, \
      …). Without it, the best kernels that this CPU can run are used, even if OpenBLAS does not \
      know the CPU. UNROLL_KERNELS chooses among Unroll's own (avx512, avx2, portable).
      """,
    options: [OptionTable.row("json")]
  ) { _, terminal in
    let machine = Machine.present()
    let lines = machine.lines
    let width = lines.map(\.label.count).max() ?? 0
    terminal.print(terminal.styled("unroll \(Version.current)", .bold))
    for (label, text) in lines {
      terminal.printFitted(
        "  \(label.padding(toLength: width, withPad: " ", startingAt: 0))  \(text)")
    }
    terminal.printJSON(machine.json.encoded())
    return .done
  }
}
