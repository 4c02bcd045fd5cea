import Foundation
import UnrollCommandLine
import UnrollStudies

extension Command {
  /// `unroll info`.
  static let info = Command(
    name: "info",
    summary: "CPU, BLAS library and kernels in use and why, threads, version",
    discussion: """
      The speed is that of square matrix products, the best of a few measured now; other programs \
      that run meanwhile lower it.

      OPENBLAS_CORETYPE in the environment chooses OpenBLAS's kernels (Haswell, SkylakeX, …); \
      without it the best that this CPU runs are taken, also where OpenBLAS does not know the CPU. UNROLL_KERNELS chooses among \
      Unroll's own (avx512, avx2, portable).
      """,
    options: [OptionTable.row("json")]
  ) { _, terminal in
    let machine = Machine.present()
    let lines = machine.lines
    let width = lines.map(\.label.count).max() ?? 0
    terminal.print(terminal.styled("unroll \(Version.current)", .bold))
    for (label, text) in lines {
      terminal.print("  \(label.padding(toLength: width, withPad: " ", startingAt: 0))  \(text)")
    }
    terminal.printJSON(machine.json.encoded())
    return .done
  }
}
