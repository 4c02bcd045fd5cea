import Foundation
import UnrollFileFormats

/// A file that is there as long as this object.
final class TemporaryFile: Sendable {
  let path: String

  init(_ data: Data, extension suffix: String = "txt") throws {
    path = Self.freshPath(suffix)
    try data.write(to: URL(fileURLWithPath: path))
  }

  convenience init(_ text: String, extension suffix: String = "txt") throws {
    try self.init(Data(text.utf8), extension: suffix)
  }

  /// A safetensors file that `append` fills.
  init(tensors append: (inout SafetensorsWriter) -> Void) throws {
    path = Self.freshPath("safetensors")
    var writer = SafetensorsWriter(requireFinite: false)
    append(&writer)
    try writer.write(to: path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  private static func freshPath(_ suffix: String) -> String {
    FileManager.default.temporaryDirectory.path + "/unroll-\(UUID().uuidString).\(suffix)"
  }
}
