import UnrollDenseMath
import UnrollFileFormats

/// The inputs of a safetensors file: `x` [T, N, I], and `lengths` [N] where its sequences are of
/// different lengths.
public struct SequenceInputs: Sendable {
  /// Where the file is.
  public let path: String
  /// T, as stored.
  public let steps: Int
  /// N.
  public let count: Int
  /// I.
  public let width: Int
  /// The steps of each sequence.
  public let lengths: [Int]
  /// Whether the file has targets that are classes.
  public let hasClassTargets: Bool
  /// [T, N·I].
  let values: Matrix<Double>

  /// - Throws: `FileError`, ``TaskError/arrays(path:_:)``.
  public init(path: String) throws {
    try self.init(SafetensorsFile(path: path))
  }

  init(_ file: SafetensorsFile) throws {
    let shape = try file.shape(of: "x")
    guard shape.count == 3 else {
      throw TaskError.arrays(
        path: file.path, .shape(tensor: "x", expected: "[T, N, I]", got: shape))
    }
    guard shape.allSatisfy({ $0 > 0 }) else {
      throw TaskError.arrays(path: file.path, .empty(tensor: "x"))
    }
    let elements = try file.doubles("x")
    if let index = elements.firstIndex(where: { !$0.isFinite }) {
      throw file.malformed(.nonFinite(tensor: "x", index: index))
    }
    path = file.path
    (steps, count, width) = (shape[0], shape[1], shape[2])
    lengths = try Self.readLengths(file, steps: shape[0], count: shape[1])
    hasClassTargets = try file.contains("y") && !file.isFloatingPoint("y")
    values = Matrix(rows: steps, columns: count * width, elements)
  }

  private static func readLengths(
    _ file: SafetensorsFile, steps: Int, count: Int
  ) throws -> [Int] {
    guard file.contains("lengths") else { return Array(repeating: steps, count: count) }
    let shape = try file.shape(of: "lengths")
    guard shape == [count] else {
      throw TaskError.arrays(
        path: file.path, .shape(tensor: "lengths", expected: "[\(count)]", got: shape))
    }
    let lengths = try file.integers("lengths")
    for length in lengths where !(1...steps).contains(length) {
      throw TaskError.arrays(
        path: file.path,
        .lengthOutOfRange(tensor: "lengths", value: length, accepted: 1...steps))
    }
    return lengths
  }
}
