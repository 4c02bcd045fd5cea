import Foundation

/// Something that reads what others wrote: whatever the bytes, it must neither trap nor run out of memory
/// or time. That it throws is right.
struct FuzzTarget: Sendable {
  let name: String
  /// Inputs to start from: what the program itself writes, and what its tests read.
  let seeds: @Sendable () throws -> [[UInt8]]
  /// Reads the bytes.
  let check: @Sendable ([UInt8]) -> Void

  static let all = readers + commands

  func writeSeeds(to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (index, seed) in try seeds().enumerated() {
      try Data(seed).write(to: URL(filePath: "\(folder)/seed-\(index)"))
    }
  }
}
