import UnrollDenseMath
import UnrollOptimization
import UnrollText

/// A parameter that a cell has beside weights and biases, one for each layer: a scalar, a vector or a
/// matrix.
public struct CellParameter: Sendable, Equatable {
  /// How a parameter starts.
  public enum Start: Sendable, Equatable {
    /// Every element has this value.
    case constant(Double)
    /// As the model's initializer starts W_hh. A matrix of k·H rows is filled in k blocks, like the
    /// gates' blocks of W_hh.
    case recurrentWeight
    /// As the model's initializer starts W_ih, in blocks like ``recurrentWeight``.
    case inputWeight
    /// As the model's initializer starts biases.
    case bias
  }

  /// The name in files, where the layer's number follows: `slope` is `slope_l0` in the first layer.
  public let name: String
  /// One or two sizes: `[1]` for a scalar, `[H]` for a vector, `[rows, columns]` for a matrix.
  public let shape: [Int]
  /// How the parameter starts.
  public let start: Start

  /// - Precondition: `shape` has one or two sizes, each at least 1.
  public init(_ name: String, shape: [Int], start: Start) {
    require(
      (1...2).contains(shape.count) && shape.allSatisfy { $0 >= 1 },
      "expected 1 or 2 sizes of at least 1 for \(name), got \(shape)")
    self.name = name
    self.shape = shape
    self.start = start
  }

  /// Sets `values` as ``start`` says; `hidden` is H.
  func fill(
    _ values: Matrix<Double>, _ initializer: Initializer, hidden: Int,
    using random: inout RandomNumbers
  ) {
    switch start {
    case .constant(let value): values.fill(value)
    case .recurrentWeight:
      initializer.fillBlocks(values, role: .recurrent, hidden: hidden, using: &random)
    case .inputWeight:
      initializer.fillBlocks(values, role: .input, hidden: hidden, using: &random)
    case .bias: initializer.fillBias(values, hidden: hidden, using: &random)
    }
  }
}

extension Initializer {
  /// Fills a weight's blocks of H rows one after the other; a weight of other sizes as one block.
  func fillBlocks(
    _ weights: Matrix<Double>, role: Role, hidden: Int, using random: inout RandomNumbers
  ) {
    let height = weights.rows % hidden == 0 ? hidden : weights.rows
    for block in 0..<weights.rows / height {
      fill(weights.block(block, height: height), role: role, hidden: hidden, using: &random)
    }
  }
}

/// A layer's extra parameters, or their gradients, in the order of ``Cell/extraParameters(hidden:)``.
public struct CellParameters<Element: Scalar> {
  /// All of them, one after the other in one row.
  let values: Matrix<Element>
  let places: [CellParameterPlace]

  /// How many there are.
  public var count: Int { places.count }

  /// The parameter number `index` as a view; a scalar or a vector is one row.
  public subscript(index: Int) -> Matrix<Element> {
    require(
      places.indices.contains(index), "expected an index in 0..<\(places.count), got \(index)")
    let place = places[index]
    return values.slice(place.range).reshaped(rows: place.rows, columns: place.columns)
  }

  /// The parameter `name` as a view; a scalar or a vector is one row.
  public subscript(name: String) -> Matrix<Element> {
    guard let index = places.firstIndex(where: { $0.name == name }) else {
      requirementFailed("expected one of \(places.map(\.name)), got \(name)")
    }
    return self[index]
  }
}

/// Where an extra parameter lies among those of its layer.
struct CellParameterPlace: Sendable {
  let name: String
  let range: Range<Int>
  let rows, columns: Int
}
