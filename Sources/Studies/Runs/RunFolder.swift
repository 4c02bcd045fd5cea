import Foundation
import UnrollDenseMath
import UnrollFileFormats

/// The folder of one run, locked against other programs for as long as this value lives.
///
///     let options: JSONObject = ["hidden": 64]
///     let folder = try RunFolder("runs/mine", command: "mine", options: options, subject: nil)
///     try RunFolder.config(command: "mine", options: options).write(to: folder.file("config.json"))
public struct RunFolder {
  /// Where the folder is.
  public let path: String
  private let lock: FolderLock

  /// Makes the folder `given`, or a new one under `runs/` named by the command and `subject`. A
  /// folder of an earlier run of the same command is taken again.
  ///
  /// - Throws: ``FolderOwnerError`` for the folder of another command; ``FileError`` when it cannot be
  ///   made or written to, or another run is at work in it.
  public init(_ given: String?, command: String, options: JSONObject, subject: String?) throws {
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
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Removes the table and the figure called `name` that an earlier run of the same command may have
  /// left in the folder.
  public func removeLeftovers(of name: String) { Self.removeLeftovers(of: name, in: path) }

  /// Removes the table and the figure called `name` from a folder.
  package static func removeLeftovers(of name: String, in folder: String) {
    for kind in ["csv", "svg", "png", "gp"] {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name).\(kind)")
    }
  }

  /// What `config.json` holds: the command, every option as used, the version, and the BLAS and the
  /// kernels on which the last digits depend.
  public static func config(command: String, options: JSONObject) -> JSONValue {
    [
      "command": .string(command), "version": .string(Version.current),
      "blas": .string(BLASLibrary.shared.configuration),
      "blas_kernels": .string(BLASLibrary.shared.kernels),
      "vector_kernels": .string(CPUFeatures.vectorKernels), "options": .object(options),
    ]
  }
}
