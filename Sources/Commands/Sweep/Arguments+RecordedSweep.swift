import UnrollCommandLine
import UnrollFileFormats

extension Arguments {
  /// The sweep that the `config.json` at `path` is of, to read its runs or to make one of them again. Its
  /// kernels are left out, since the CPU may lack them.
  ///
  /// - Parameters:
  ///   - words: further words of the command line.
  ///   - config: what the file holds, where it was read already.
  ///   - fingerprints: what is known of files already.
  /// - Returns: Nil where help is asked for, which `words` do not.
  /// - Throws: as the sweep's own command line.
  static func sweep(
    recordedAt path: String, config: JSONValue? = nil, _ words: [String] = [],
    fingerprints: FingerprintCache? = nil
  ) throws -> Arguments? {
    let parser = ArgumentParser(command: .sweep) { path in
      var config = try config.flatMap(ConfigFile.init(_:)) ?? ConfigFile.read(path)
      config.options["kernels"] = nil
      return config
    }
    guard case .arguments(let sweep) = try parser.parse(["--config", path] + words)
    else { return nil }
    return Arguments(
      commandName: sweep.commandName, specs: sweep.specs, entries: sweep.entries,
      fingerprints: fingerprints ?? sweep.fingerprints)
  }
}
