import UnrollDenseMath
import UnrollFileFormats
import UnrollText

/// One batch for a network of PyTorch's, from a file of arrays (safetensors, `.npz`):
///
/// | array | shape | content |
/// | --- | --- | --- |
/// | `x` | [B, I] | the inputs; [B, …] of I numbers in all where the model flattens them |
/// | `y` | [B, O] or [B] | targets: floats for the squared error, integers for the cross-entropy |
/// | `g` | [B, O] | in place of `y`: ∂L/∂(outputs) of any loss, PyTorch's `out.grad` |
/// | `outputs` | [B, O] | optional: the model's own outputs, which are compared |
public struct FeedForwardBatch: Sendable {
  /// The names of the arrays that are read.
  static let names = ["x", "y", "g", "outputs"]

  /// The file.
  public let path: String
  /// The inputs, and the targets or the gradient.
  public let data: FeedForwardData
  /// What the file has that is not read, a line each.
  public let notices: [String]

  /// Reads the file at `path` for the network of `model`.
  ///
  /// - Throws: `FileError`; ``FeedForwardBatchError`` for arrays that do not fit the network.
  public init(path: String, for model: FeedForwardFile) throws {
    let file = try ArrayFile(path: path)
    let reader = BatchReader(
      file: file, inputs: model.network.inputs,
      outputs: model.network.outputs ?? model.network.widths[model.network.depth - 1],
      flattens: model.mayFlatten)
    do {
      data = try reader.data()
    } catch let problem as FeedForwardBatchError.Problem {
      throw FeedForwardBatchError(path: path, problem)
    }
    self.path = path
    let others = file.names.filter { !Self.names.contains($0) }
    notices =
      others.isEmpty
      ? []
      : [
        "\(path.escaped): \(others.quotedList) \(others.count == 1 ? "is" : "are") not read; the arrays "
          + "that are: \(Self.names.joined(separator: ", "))"
      ]
  }
}

private struct BatchReader {
  let file: ArrayFile
  let inputs, outputs: Int
  let flattens: Bool

  func data() throws -> FeedForwardData {
    guard file.contains("x") else {
      throw file.malformed(.missingTensor("x", present: file.names))
    }
    guard try file.isFloatingPoint("x") else {
      throw FeedForwardBatchError.Problem.integers(width: inputs)
    }
    let shape = try file.shape(of: "x")
    let isFlat = shape.count == 2 && shape[1] == inputs
    guard
      isFlat
        || flattens && shape.count > 2 && shape.dropFirst().reduce(1, *) == inputs
    else {
      throw FeedForwardBatchError.Problem.shape(
        array: "x", accepted: "[B, \(inputs)], as the first nn.Linear takes them", got: shape)
    }
    guard shape[0] > 0 else { throw FeedForwardBatchError.Problem.empty }
    return FeedForwardData(
      inputs: Matrix(rows: shape[0], columns: inputs, try numbers("x")),
      targets: try targets(rows: shape[0]))
  }

  private func targets(rows: Int) throws -> FeedForwardTargets<Double> {
    let (hasTargets, hasGradient) = (file.contains("y"), file.contains("g"))
    guard hasTargets || hasGradient else {
      throw FeedForwardBatchError.Problem.noTargets(present: file.names)
    }
    guard hasTargets != hasGradient else { throw FeedForwardBatchError.Problem.both }
    if hasGradient {
      let gradient = try matrix("g", rows: rows)
      guard gradient.absoluteSum > 0 else { throw FeedForwardBatchError.Problem.noGradient }
      return .gradient(gradient)
    }
    return try file.isFloatingPoint("y")
      ? .values(matrix("y", rows: rows)) : .classes(classes(rows: rows))
  }

  private func matrix(_ name: String, rows: Int) throws -> Matrix<Double> {
    let shape = try file.shape(of: name)
    guard shape == [rows, outputs] else {
      throw FeedForwardBatchError.Problem.shape(
        array: name, accepted: "[\(rows), \(outputs)]" + (name == "y" ? integersWords(rows) : ""),
        got: shape)
    }
    return Matrix(rows: rows, columns: outputs, try numbers(name))
  }

  /// What integers would be accepted beside floats.
  private func integersWords(_ rows: Int) -> String {
    outputs > 1 ? ", or integers [\(rows)], which are classes" : "; one number a row is y[:, None]"
  }

  private func classes(rows: Int) throws -> [Int32] {
    let shape = try file.shape(of: "y")
    let accepted = 0...max(outputs - 1, 0)
    guard outputs > 1 else { throw FeedForwardBatchError.Problem.classesOfOneOutput }
    guard shape == [rows] else {
      throw FeedForwardBatchError.Problem.shape(
        array: "y",
        accepted: "integers [\(rows)], which are classes, or floats [\(rows), \(outputs)]",
        got: shape)
    }
    let classes = try file.integers("y")
    if let other = classes.first(where: { !accepted.contains($0) }) {
      throw FeedForwardBatchError.Problem.classOutOfRange(other, accepted: accepted)
    }
    return classes.map(Int32.init)
  }

  private func numbers(_ name: String) throws(FileError) -> [Double] {
    let elements = try file.doubles(name)
    if let index = elements.firstIndex(where: { !$0.isFinite }) {
      throw file.malformed(.nonFinite(tensor: name, index: index), in: name)
    }
    return elements
  }
}
