import Foundation
import UnrollFileFormats

/// The files that an earlier run left in a folder.
struct EarlierFiles {
  private static let config = "config.json"

  private let folder: String
  private let names: [String]

  /// The files in `folder` that a run may have written, if it is a run's folder and there are any.
  init?(in folder: String) {
    guard FileManager.default.fileExists(atPath: "\(folder)/\(Self.config)") else { return nil }
    self.folder = folder
    names = FolderOwner.runFiles(in: folder)
  }

  /// Moves the files into a folder inside, called by the run that they belong to.
  ///
  /// `config.json` goes last: until then an interrupted move is taken up by the next run.
  ///
  /// - Returns: the folder they are in now.
  /// - Throws: `FileError`.
  func setAside() throws -> String {
    let path = "\(folder)/\(Self.config)"
    let run = (try? JSONValue(contentsOf: path)).flatMap {
      RunIdentity($0[RunIdentity.key]?.string)
    }
    let base = "\(folder)/earlier" + (run.map { "-\($0.id.prefix(8))" } ?? "")
    let isTaken = FileManager.default.fileExists(atPath: "\(base)/\(Self.config)")
    let target = isTaken ? OutputFolder.unused(base: base) : base
    try OutputFolder.create(target)
    for name in names.filter({ $0 != Self.config }) + [Self.config] {
      try AtomicFile.rename("\(folder)/\(name)", to: "\(target)/\(name)")
    }
    return target
  }
}
