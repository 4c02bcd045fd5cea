import UnrollFileFormats

/// A file that a run reads, as the run records it: by its content, and by where it was.
public struct InputFile: Equatable, Sendable {
  /// The key under which `config.json` lists a run's input files.
  public static let key = "data"

  /// The option that names the file: `file`, `inputs`, `model`.
  public let option: String
  /// The path as it was given.
  public let given: String
  /// The path from the root.
  public let path: String
  /// Size and hash of the content.
  public let fingerprint: FileFingerprint

  /// The file at `path`, whose fingerprint is known.
  package init(option: String, path: String, fingerprint: FileFingerprint) {
    self.option = option
    given = path
    self.path = AbsolutePath.of(path)
    self.fingerprint = fingerprint
  }
}

extension InputFile {
  /// The files of `found` that `recorded` has under the same option with another content.
  package static func changes(
    from recorded: [InputFile], to found: [InputFile]
  ) -> [(recorded: InputFile, found: InputFile)] {
    found.compactMap { file in
      recorded.first { $0.option == file.option && $0.fingerprint != file.fingerprint }
        .map { (recorded: $0, found: file) }
    }
  }
}

// MARK: - config.json

extension InputFile {
  /// `{"given": …, "path": …, "bytes": …, "sha256": …}`.
  public var json: JSONValue {
    [
      "given": .string(given), "path": .string(path), "bytes": .integer(fingerprint.bytes),
      "sha256": .string(fingerprint.sha256),
    ]
  }

  /// The files that a run's `config.json` lists; those that cannot be read as such are left out.
  public static func list(in config: JSONValue) -> [InputFile] {
    guard let object = config[key]?.object else { return [] }
    return object.compactMap { InputFile(option: $0.key, $0.value) }
  }

  private init?(option: String, _ json: JSONValue) {
    guard let given = json["given"]?.string, let path = json["path"]?.string,
      let bytes = json["bytes"]?.int, let sha256 = json["sha256"]?.string
    else { return nil }
    self.option = option
    self.given = given
    self.path = path
    fingerprint = FileFingerprint(bytes: bytes, sha256: sha256)
  }
}
