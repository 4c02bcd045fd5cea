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
    case .cannotCreateFolder(let path, let reason):
      "cannot create the folder \(path.escaped): \(FileError.text(ofErrno: reason))"
    case .inUse(let path):
      "\(path.escaped) is in use by another run; wait for its end, or give another folder"
    case .empty(let path): "\(path.escaped) is empty"
    case .malformed(let path, _, .pyTorchPickle): FileError.conversionFromPyTorch(of: path)
    case .malformed(let path, let line?, let problem):
      "\(path.escaped), line \(line): \(problem.description)"
    case .malformed(let path, nil, let problem): "\(path.escaped): \(problem.description)"
    }
  }

  public var errorDescription: String? { description }

  private static func text(ofErrno reason: Int32) -> String {
    String(cString: strerror(reason))
  }

  private static func conversionFromPyTorch(of path: String) -> String {
    let stem = (path as NSString).deletingPathExtension
    return "\(path.escaped) is a PyTorch pickle, and only safetensors is accepted; "
      + "convert it with Python: import torch; from safetensors.torch import save_file; "
      + "save_file(torch.load(\(pythonLiteral(path)), map_location=\"cpu\"), "
      + "\(pythonLiteral(stem + ".safetensors")))"
  }

  private static func pythonLiteral(_ text: String) -> String {
    let content = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case "\0"..<" ", "\u{7F}": "\\x" + String(format: "%02x", scalar.value)
      default: String(scalar)
      }
    }
    return "\"" + content.joined() + "\""
  }
}
