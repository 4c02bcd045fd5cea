import Foundation
import Testing

@testable import UnrollCommandLine

/// The program started without stdin, stdout or stderr: none of its files may take their numbers.
struct ClosedDescriptorsTests {
  @Test(arguments: ["0<&- 2>&-", "0<&- 1>&- 2>&-", "2>&-", "0<&-"])
  func filesHoldOnlyTheirOwn(closing: String) throws {
    let workspace = try Workspace()
    let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("unroll").path
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    let words =
      "train adding --length 5 --hidden 4 --batch 2 --steps 40 --eval-every 10 --on-nonfinite skip"
    shell.arguments = [
      "-c", "exec \(closing); exec '\(program)' \(words) --out '\(workspace("run"))'",
    ]
    shell.standardInput = FileHandle.nullDevice
    shell.standardOutput = FileHandle.nullDevice
    shell.standardError = FileHandle.nullDevice
    try shell.run()
    shell.waitUntilExit()
    // A result that nobody can read is an error, once the files are there.
    #expect(shell.terminationStatus == (closing.contains("1>&-") ? 1 : 0))
    let rows = try workspace.metrics("run")
    #expect(rows.compactMap(\.first) == (1...40).map { "\($0)" })
    let text = String(decoding: try workspace.bytes("run/metrics.csv"), as: UTF8.self)
    #expect(
      text.hasPrefix("step,loss,") && !text.contains("unroll") && !text.contains("test loss "))
  }

  /// What is open stays as it is.
  @Test func openDescriptorsAreLeftAlone() {
    let before = (0...2).map { fcntl($0, F_GETFL) }
    StandardDescriptors.openClosed()
    #expect((0...2).map { fcntl($0, F_GETFL) } == before)
  }
}
