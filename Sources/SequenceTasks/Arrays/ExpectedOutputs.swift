import UnrollFileFormats

/// A model's own outputs as another program computed them: the tensor `outputs` of a file.
///
/// They are those of every step, [T, B, W], or of each sequence's last step, [B, W]. W is O, or H for a
/// model without a readout. Outputs for classes are those before the softmax.
public struct ExpectedOutputs: Sendable {
  /// The tensor's name.
  public static let name = "outputs"

  /// The file.
  public let path: String
  /// [T, B, W] or [B, W].
  public let values: ShapedArray<Double>

  /// Reads the outputs of the file at `path`; nil for a file without them.
  ///
  /// - Throws: `FileError`.
  public init?(path: String) throws {
    let file = try ArrayFile(path: path)
    guard file.contains(Self.name) else { return nil }
    self.path = path
    values = try file.numbers(Self.name)
  }

  /// Reads the outputs of the file at `path`, which must have them.
  ///
  /// - Throws: `FileError`; for a file without them, `.missingTensor`.
  public init(requiredAt path: String) throws {
    let file = try ArrayFile(path: path)
    self.path = path
    values = try file.numbers(Self.name)
  }
}
