import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands

/// The scripts of `unroll completions` in the shells themselves: keys are typed into an interactive
/// shell on a terminal of its own, which then writes down the words it would have run the program
/// with. Shells that are not installed are left out; `tools/test --shells` installs them.
@Suite(.serialized)
struct CompletionScriptTests {
  /// Command lines as typed, with tabs, and the words that come of them.
  private static let lines: [(typed: String, words: [String])] = [
    ("unroll dec\t --quie\t", ["decay", "--quiet"]),
    ("unroll train cop\t --hid\t 8", ["train", "copy", "--hidden", "8"]),
    ("unroll train --optimizer mom\t x", ["train", "--optimizer", "momentum", "x"]),
    ("unroll train --optimizer=mom\t x", ["train", "--optimizer=momentum", "x"]),
    ("unroll decay --cells rnn/act\trel\t x", ["decay", "--cells", "rnn/activation=relu", "x"]),
    (
      "unroll decay --cells=lstm,rnn/ini\tpyt\t x", ["decay", "--cells=lstm,rnn/init=pytorch", "x"]
    ),
    // No blank behind what goes on, one behind what does not.
    ("unroll train --clip nor\t2 x", ["train", "--clip", "norm:2", "x"]),
    ("unroll train --precision d\tx", ["train", "--precision", "double", "x"]),
    ("unroll train --model uni\t x", ["train", "--model", "unique name.npz", "x"]),
    ("unroll train --model=uni\t x", ["train", "--model=unique name.npz", "x"]),
    ("unroll train --out fol\tx", ["train", "--out", "folder/x"]),
    ("unroll help tra\t x", ["help", "train", "x"]),
    // Shows both commands that it may be.
    ("unroll de\tcay", ["decay"]),
  ]

  @Test(.enabled(if: InstalledProgram.all("bash", "script"))) func bashCompletes() throws {
    _ = try type(in: .bash, "bash --noprofile --norc -i", recording: Self.posixRecorder)
  }

  @Test(.enabled(if: InstalledProgram.all("zsh", "script"))) func zshCompletesWithMeanings() throws
  {
    let screen = try type(
      in: .zsh, "zsh -f -i",
      recording: "autoload -Uz compinit; compinit -u -D\n" + Self.posixRecorder)
    #expect(screen.contains("-- \(Command.depth.summary.prefix(20))"))
  }

  @Test(.enabled(if: InstalledProgram.all("fish", "script"))) func fishCompletesWithMeanings()
    throws
  {
    let screen = try type(
      in: .fish, "fish --no-config --interactive",
      recording: """
        function unroll
          if test "$argv[1]" = completions
            "$PROGRAM" $argv
          else
            printf '<%s>' $argv >>ran; echo >>ran
          end
        end
        """)
    #expect(screen.contains(Command.depth.summary.prefix(20)))
  }

  /// `unroll` as a function that runs the program for completions, and otherwise writes its words down.
  private static let posixRecorder = #"""
    unroll() {
      if [[ $1 == completions ]]; then
        "$PROGRAM" "$@"
      else
        printf '<%s>' "$@" >>ran; echo >>ran
      fi
    }
    """#

  /// Types the lines, each when the one before has been run, and returns what the terminal showed.
  private func type(in shell: Shell, _ start: String, recording: String) throws -> String {
    let folder = try TemporaryFolder()
    _ = try folder.file("setup", recording + "\n" + shell.script + "\necho ready >>ran\n")
    for name in ["ran", "unique name.npz"] { _ = try folder.file(name, "") }
    try FileManager.default.createDirectory(
      atPath: folder("folder"), withIntermediateDirectories: false)
    let screen = try FileHandle(forWritingTo: URL(filePath: folder.file("screen", "")))

    // script(1) gives the shell a terminal and types what it is given.
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["script", "-qec", start, "/dev/null"]
    process.currentDirectoryURL = URL(filePath: folder.path)
    process.environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "TERM": "vt100",
      "HOME": folder.path, "PROGRAM": BuiltProgram.url.path, "LC_ALL": "C.UTF-8",
    ]
    let keys = Pipe()
    process.standardInput = keys
    process.standardOutput = screen
    process.standardError = screen
    try process.run()
    defer { process.terminate() }

    // Without a terminal to give, script(1) ends at once, and typing on would end the tests.
    func press(_ line: String) throws {
      try #require(process.isRunning, "\(shell) has ended: is there no pseudoterminal?")
      try keys.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
    }
    try press("source ./setup")
    var ran = try lines(1, of: folder)
    try #require(ran == ["ready"])
    for (index, line) in Self.lines.enumerated() {
      try press(line.typed)
      ran = try lines(index + 2, of: folder)
      // A shell that waits for a quote or in a pager would run none of the others either.
      try #require(ran.count >= index + 2, "\(shell) did not run: \(line.typed)")
      #expect(ran.last == line.words.map { "<\($0)>" }.joined(), "\(shell): \(line.typed)")
    }
    try press("exit")
    try keys.fileHandleForWriting.close()
    let deadline = ContinuousClock.now + .seconds(30)
    while process.isRunning, ContinuousClock.now < deadline {
      Thread.sleep(forTimeInterval: 0.02)
    }
    return String(decoding: try Data(contentsOf: URL(filePath: folder("screen"))), as: UTF8.self)
  }

  /// The lines of the file `ran` once there are `count` of them; those there are after half a minute.
  private func lines(_ count: Int, of folder: TemporaryFolder) throws -> [String] {
    let deadline = ContinuousClock.now + .seconds(30)
    while true {
      let lines = try folder.text("ran").split(separator: "\n").map(String.init)
      if lines.count >= count || ContinuousClock.now > deadline { return lines }
      Thread.sleep(forTimeInterval: 0.02)
    }
  }
}
