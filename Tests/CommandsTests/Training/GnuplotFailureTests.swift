import Foundation
import Testing
import UnrollFileFormats
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands

/// Whatever is wrong with gnuplot, a run has all of its data and results, and says so in a short warning.
struct GnuplotFailureTests {
  @Test(arguments: [
    "kill -SEGV $$", "exit 1", "printf '<?xml' > loss.svg",
    "head -c 50000000 /dev/zero | tr '\\0' x >&2; exit 1", "sleep 100 & exit 1",
  ])
  func aRunIsWhole(script: String) throws {
    let folder = try TemporaryFolder()
    try writeExecutable(script, to: folder("gnuplot"))
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let outcome = try BuiltProgram.run(
      [
        "train", "adding", "--length", "6", "--hidden", "3", "--batch", "2", "--steps", "4",
        "--watch-decay", "2", "--quiet", "--out", folder("run"),
      ], environment: ["PATH": "\(folder.path):\(path)"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = outcome.errors.split(separator: "\n")
    #expect((1...2).contains(lines.count) && outcome.errors.utf8.count < 1_000)
    #expect(lines.allSatisfy { $0.contains("warning: gnuplot") }, "\(outcome.errors.prefix(500))")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder("run")).sorted()
    #expect(
      names == [
        "best.safetensors", "checkpoint.safetensors", "config.json", "decay-over-training.csv",
        "decay-over-training.gp", "loss.gp", "metrics.csv", "model.safetensors", "summary.json",
      ])
    let summary = try JSONValue(contentsOf: folder("run/summary.json"))
    #expect(summary["outcome"]?.string == "finished")
  }

  /// gnuplot has a group of its own, which Ctrl-C in a terminal does not reach: it must not outlive the program,
  /// nor does a run wait for it.
  @Test(arguments: [("train", Int32(0)), ("decay", 128 + SIGTERM)])
  func aSignalEndsOneThatHangs(command: String, status: Int32) throws {
    let folder = try TemporaryFolder()
    try writeExecutable("echo $$ > '\(folder.path)/started'; sleep 50", to: folder("gnuplot"))
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let words =
      command == "train"
      ? ["train", "adding", "--steps", "4", "--batch", "2"] : ["decay", "--cells", "rnn"]
    let line = (words + ["--length", "6", "--hidden", "3", "--quiet", "--out", "run"])
      .joined(separator: " ")
    // A test's thread may have the signal blocked, which its children then have too.
    let unblocked = "perl -MPOSIX -e 'sigprocmask(SIG_SETMASK, POSIX::SigSet->new); exec @ARGV'"
    let outcome = try BuiltProgram.shell(
      """
      \(unblocked) '\(BuiltProgram.url.path)' \(line) & p=$!
      i=0; while ! [ -s started ] && [ $i -lt 600 ]; do sleep 0.1; i=$((i+1)); done
      kill -TERM $p; wait $p; status=$?
      i=0; while grep -q ') [RSD]' "/proc/$(cat started)/stat" 2>/dev/null && [ $i -lt 50 ]; do
        sleep 0.1; i=$((i+1))
      done
      [ $i -lt 50 ] || echo alive
      exit $status
      """, in: folder.path, environment: ["PATH": "\(folder.path):\(path)"])
    #expect(outcome.status == status && !outcome.output.contains("alive"), "\(outcome)")
    guard command == "train" else { return }
    #expect(outcome.errors.contains("warning: gnuplot was interrupted"), "\(outcome.errors)")
    let summary = try JSONValue(contentsOf: folder("run/summary.json"))
    #expect(summary["outcome"]?.string == "finished")
  }
}
