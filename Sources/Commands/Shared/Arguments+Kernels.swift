import UnrollCommandLine
import UnrollFileFormats
import UnrollStudies

extension OptionKey<KernelChoice> {
  static var kernels: OptionKey { OptionKey("kernels") }
}

extension OptionForm<KernelChoice> {
  static var kernels: Self { custom(accepted: KernelChoice.accepted) { try KernelChoice($0) } }
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
  /// What the program's command line asks for, itself or by its `--config`; nil where it does not. A
  /// command line that is wrong is refused later.
  init?(askedForBy words: [String], in table: CommandTable) {
    guard words.contains(where: { $0.hasPrefix("--kernels") || $0.hasPrefix("--config") }),
      let command = table.commands.first(where: { $0.name == words[0] }),
      command.options.contains(where: { $0.name == OptionKey<KernelChoice>.kernels.name }),
      case .arguments(let arguments)? = try? ArgumentParser(command: command).parse(
        Array(words.dropFirst())),
      let kernels = arguments[optional: .kernels]
    else { return nil }
    self = kernels
  }
}
