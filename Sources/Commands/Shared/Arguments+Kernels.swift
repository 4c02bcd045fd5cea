import UnrollCommandLine
import UnrollFileFormats
import UnrollStudies

extension OptionKey<KernelChoice> {
  static var kernels: OptionKey { OptionKey("kernels") }
}

extension Arguments {
  /// Refuses to compute under other kernels than `--kernels` asks for. The program takes them when it
  /// starts; a build of BLAS may not have them.
  ///
  /// - Throws: `UsageError.rejected`.
  func requireKernels() throws {
    guard let kernels = self[optional: .kernels], !kernels.isInUse else { return }
    throw rejection(
      of: .kernels,
      accepted: "kernels that BLAS was built with; in use are \(Machinery.present.kernels)")
  }
}

extension KernelChoice {
  /// What the program's command line asks for, itself, by the file of its `--config` or `--resume` or by
  /// the run of its `--sweep`; nil where it does not. A command line that is wrong is refused later.
  init?(askedForBy words: [String], in table: CommandTable) {
    let options = ["--kernels", "--config", "--resume", "--sweep"]
    guard words.contains(where: { word in options.contains(where: word.hasPrefix) }),
      let command = table.commands.first(where: { $0.name == words[0] }),
      command.options.contains(where: { $0.name == OptionKey<KernelChoice>.kernels.name }),
      case .arguments(let arguments)? = try? ArgumentParser(command: command).parse(
        Array(words.dropFirst())),
      let kernels = arguments[optional: .kernels] ?? SweptRun.kernels(of: arguments)
    else { return nil }
    self = kernels
  }
}
