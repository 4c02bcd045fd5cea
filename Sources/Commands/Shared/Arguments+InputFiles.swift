import Foundation
import UnrollCommandLine
import UnrollFileFormats
import UnrollStudies
import UnrollText

extension Arguments {
  /// The files that the options name, as they are now. One that cannot be read is left out: a command
  /// that needs it says so.
  func inputFiles() -> [InputFile] {
    fileOptions.compactMap { option in
      filePath(of: option).flatMap { path in
        (try? fingerprints.fingerprint(of: path)).map {
          InputFile(option: option, path: path, fingerprint: $0)
        }
      }
    }
  }

  /// The file that `option` names, which the checkpoint or model at `source` was trained on.
  ///
  /// - Parameter recorded: what `source` has on record. A file of another size is not opened.
  /// - Throws: `ModelUseError.dataMissing` for a file that only `source` names and that is not there;
  ///   `FileError`.
  func inputFile(
    _ option: String, of source: String, recorded: FileFingerprint? = nil
  ) throws -> InputFile {
    let path = filePath(of: option) ?? ""
    if let recorded, let size = FileFingerprint.unread(path: path), size.bytes != recorded.bytes {
      return InputFile(option: option, path: path, fingerprint: size)
    }
    do throws(FileError) {
      return InputFile(
        option: option, path: path, fingerprint: try fingerprints.fingerprint(of: path))
    } catch {
      if case .missing = error, !wasTyped(option) {
        throw ModelUseError.dataMissing(path: source, option: option, data: path)
      }
      throw error
    }
  }

  /// Refuses to write to a run's folder where one of `files` lies, because what is in the folder is
  /// set aside.
  ///
  /// - Throws: `UsageError.rejected`.
  func requireOtherFolder(than folder: String, of files: [InputFile]) throws {
    guard FileManager.default.fileExists(atPath: "\(folder)/config.json") else { return }
    let (names, place) = (FolderOwner.runFiles(in: folder), AbsolutePath.resolved(folder))
    for file in files {
      let path = AbsolutePath.resolved(file.path)
      if OutputFolder.containing(path) == place, names.contains(path.lastPathPart) {
        throw rejection(
          of: .out,
          accepted: "another folder: the earlier run's files in it are set aside, and "
            + "\(path.lastPathPart.shown) is one that this run reads")
      }
    }
  }

  /// Warns where the file given to `--config` was made with files of another content than those that it
  /// names now.
  func warnOfChangedData(_ files: [InputFile], on terminal: Terminal) {
    guard has(.config), let path: String = self[optional: .config],
      let config = try? JSONValue(contentsOf: path)
    else { return }
    if config["resumed"]?.array?.isEmpty == false {
      terminal.warn(
        "\(path.escaped) is of a run that was resumed under other settings or data, which \"resumed\" in "
          + "it lists; this run has its last settings from the start, and is another one")
    }
    for (recorded, file) in InputFile.changes(from: InputFile.list(in: config), to: files)
    where !wasTyped(file.option) {
      terminal.warn(
        "\(file.path.escaped) has changed since \(path.escaped) was made: recorded "
          + "\(recorded.fingerprint), found \(file.fingerprint); this run is another one")
    }
  }
}
