import Foundation
import UnrollDenseMath
import UnrollFileFormats

/// The folder of one run, locked against other programs while the run is at work.
package struct RunFolder {
  package let path: String
  private let lock: FolderLock

  /// Makes the folder `given`, or a new one under `runs/` named by the command and `subject`.
  ///
  /// - Throws: ``FolderOwnerError`` for the folder of another command; `FileError` when it cannot be
  ///   made or written to, or another run is at work in it.
  package init(_ given: String?, command: String, options: JSONObject, subject: String?) throws {
    if let given {
      try FolderOwner(command: command, options: options).check(given)
      try OutputFolder.create(given)
      path = given
    } else {
      path = try OutputFolder.createUnused(
        base: RunFolder.defaultPath(command: command, subject: subject))
    }
    lock = try FolderLock(path)
  }

  /// The path of a file in the folder.
  package func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Removes the table and the figure called `name` that an earlier run of the same command may have
  /// left in the folder.
  package func removeLeftovers(of name: String) { Self.removeLeftovers(of: name, in: path) }

  /// Removes the table and the figure called `name` from a folder.
  package static func removeLeftovers(of name: String, in folder: String) {
    for kind in ["csv", "svg", "png", "gp"] {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name).\(kind)")
    }
  }

  /// What `config.json` holds: the command, every option as used, the version and the kernels.
  package static func config(command: String, options: JSONObject) -> JSONValue {
    [
      "command": .string(command), "version": .string(Version.current),
      "blas": .string(BLASLibrary.shared.configuration),
      "blas_kernels": .string(BLASLibrary.shared.kernels),
      "vector_kernels": .string(CPUFeatures.vectorKernels), "options": .object(options),
    ]
  }
}
