import Foundation
import UnrollText

extension FileError: CustomStringConvertible, LocalizedError {
  /// What is wrong and where, on one line.
  public var description: String {
    switch self {
    case .missing(let path): "\(path.escaped): no such file"
    case .isDirectory(let path): "\(path.escaped) is a folder, not a file"
    case .notRegularFile(let path):
      "\(path.escaped) is a pipe or a device; only a regular file is accepted"
    case .notReadable(let path, let reason):
      "cannot read \(path.escaped): \(FileError.text(ofErrno: reason))"
    case .cannotWrite(let path, let reason):
      "cannot write to \(path.escaped): \(FileError.text(ofErrno: reason))"
    case .cannotCreateFolder(let path, ENOTDIR), .cannotCreateFolder(let path, EEXIST):
      "cannot create the folder \(path.escaped): there is a file in its place, or above it"
    case .cannotCreateFolder(let path, let reason):
      "cannot create the folder \(path.escaped): \(FileError.text(ofErrno: reason))"
    case .inUse(let path):
      "\(path.escaped) is in use by another run; wait for its end, or give another folder"
    case .moved(let path):
      "\(path.escaped) was moved, removed or replaced while a run wrote to it; what the run saved is in the "
        + "folder that it began with, wherever that is now"
    case .replaced(let path):
      "\(path.escaped) was replaced by another run after it was read; start again to go on from the new one"
    case .changed(let path):
      "\(path.escaped) was changed while it was read; restore it, or read a copy that nothing else writes"
    case .cutShort(let path):
      "\(path.escaped) was cut short while it was read; restore it, or read a copy that nothing else writes"
    case .empty(let path): "\(path.escaped) is empty"
    case .malformed(let path, _, .foreign(let kind)):
      "\(path.escaped) is \(kind), which is not accepted here"
        + kind.remedy(path: path)
    case .malformed(let path, _, .otherEncoding(let encoding)):
      "\(path.escaped) is text in \(encoding); UTF-8 is accepted: iconv -f \(encoding) -t UTF-8 "
        + "\(path.shellWord) > \(FileError.utf8Path(besides: path).shellWord)"
    case .malformed(let path, let line, .notUTF8(let offset)):
      path.escaped + (line.map { ", line \($0)" } ?? "")
        + ": \(FileProblem.notUTF8(byteOffset: offset))"
        // The header of such a file is damaged.
        + (path.hasSuffix(".safetensors")
          ? ""
          : "; if it is in Latin-1: iconv -f LATIN1 -t UTF-8 \(path.shellWord) > "
            + FileError.utf8Path(besides: path).shellWord)
    case .malformed(let path, let line?, let problem):
      "\(path.escaped), line \(line): \(problem.description)"
    case .malformed(let path, nil, let problem): "\(path.escaped): \(problem.description)"
    }
  }

  public var errorDescription: String? { description }

  private static func text(ofErrno reason: Int32) -> String {
    String(cString: strerror(reason))
  }

  /// `book.txt` as `book.utf8.txt`.
  private static func utf8Path(besides path: String) -> String {
    let (stem, ending) = (
      (path as NSString).deletingPathExtension, (path as NSString).pathExtension
    )
    return "\(stem).utf8" + (ending.isEmpty ? "" : ".\(ending)")
  }
}
