import Foundation

/// libFuzzer's own entry point, for programs with a `main` of their own.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ argc: UnsafeMutablePointer<CInt>,
  _ argv: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ check: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The target under test. Set once, before libFuzzer's thread starts.
nonisolated(unsafe) private var current: FuzzTarget?

/// `fuzz list` names the targets, `fuzz corpus FOLDER` writes what they start from, and
/// `fuzz TARGET [libFuzzer's options and folders]` runs one. `tools/fuzz` does all three.
@main struct Fuzz {
  static func main() throws {
    // Figures are drawn by another program, which has no part in this.
    setenv("PATH", "", 1)
    let words = Array(CommandLine.arguments.dropFirst())
    let targets = FuzzTarget.all
    if words == ["list"] {
      for target in targets { print(target.name) }
    } else if words.count == 2, words[0] == "corpus" {
      for target in targets { try target.writeSeeds(to: "\(words[1])/\(target.name)") }
    } else if let target = targets.first(where: { $0.name == words.first }) {
      current = target
      var count = CommandLine.argc - 1
      // libFuzzer takes the first word for the program's name.
      var arguments = CommandLine.unsafeArgv + 1
      exit(
        runDriver(&count, &arguments) { bytes, count in
          current?.check(Array(UnsafeBufferPointer(start: bytes, count: count)))
          return 0
        })
    } else {
      print("fuzz list | fuzz corpus FOLDER | fuzz TARGET [OPTIONS] [CORPUS]")
      exit(2)
    }
  }
}
