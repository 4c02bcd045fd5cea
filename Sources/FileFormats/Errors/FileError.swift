/// What went wrong with a file or folder: data only, worded for people by the program.
public enum FileError: Error, Equatable, Sendable {
  /// Nothing is at this path.
  case missing(path: String)
  /// A folder is where a file was expected.
  case isDirectory(path: String)
  /// A pipe, socket or device is where a file was expected.
  case notRegularFile(path: String)
  /// The system refused to open or map the file, for the reason `errno`.
  case notReadable(path: String, errno: Int32)
  /// The system refused to write the file, or a file in this folder, for the reason `errno`.
  case cannotWrite(path: String, errno: Int32)
  /// The system refused to make the folder, for the reason `errno`.
  case cannotCreateFolder(path: String, errno: Int32)
  /// Another program works in the folder.
  case inUse(path: String)
  /// The folder, which this process has locked, is no longer at this path.
  case moved(path: String)
  /// Another file took the place of the one that was read.
  case replaced(path: String)
  /// The file's content was changed while it was read.
  case changed(path: String)
  /// The file was cut short while it was read.
  case cutShort(path: String)
  /// The file holds nothing.
  case empty(path: String)
  /// What the file holds, or would hold once written, is not acceptable; `line` counts from 1.
  case malformed(path: String, line: Int?, FileProblem)
}

extension FileError {
  /// A problem in a text, with the line on which its byte lies where the problem names one.
  static func malformedText(
    path: String, _ problem: FileProblem, in bytes: UnsafeRawBufferPointer
  ) -> FileError {
    let newline = UInt8(ascii: "\n")
    let line = problem.byteOffset.map { offset in
      bytes.prefix(offset).reduce(1) { $1 == newline ? $0 + 1 : $0 }
    }
    return .malformed(path: path, line: line, problem)
  }
}
