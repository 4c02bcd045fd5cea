import UnrollText

/// Numbers with their sizes, the last index running fastest, as NumPy, PyTorch and safetensors hold
/// them.
public struct ShapedArray<Number: Sendable>: Sendable {
  /// The sizes: `[T, N, I]`.
  public let shape: [Int]
  /// The numbers one after the other, as many as the product of the sizes.
  public let elements: [Number]

  /// - Precondition: no size is negative, and there are as many elements as the sizes ask for.
  public init(shape: [Int], _ elements: [Number]) {
    var count: Int? = 1
    for size in shape {
      let (product, overflowed) = (count ?? 0).multipliedReportingOverflow(by: size)
      count = size < 0 || overflowed ? nil : product
    }
    require(
      count == elements.count,
      "expected as many elements as the shape \(shape) has, got \(elements.count)")
    self.shape = shape
    self.elements = elements
  }
}

/// What the sequences of an ``ArraysTask`` are to be answered with, at the last step or at every
/// step.
public enum SequenceTargets: Sendable {
  /// Numbers [N, O] or [T, N, O].
  case values(ShapedArray<Double>)
  /// Classes [N] or [T, N], from 0; −100 where there is no target.
  case classes(ShapedArray<Int>)

  var shape: [Int] {
    switch self {
    case .values(let values): values.shape
    case .classes(let classes): classes.shape
    }
  }

  /// The step after each sequence's last target, for targets at every step; nil for other shapes.
  ///
  /// - Parameter masksMissing: whether a number target with NaN is none.
  func stepsRead(steps: Int, count: Int, masksMissing: Bool) -> [Int]? {
    guard shape.prefix(2) == [steps, count] else { return nil }
    let isTarget: (Int) -> Bool
    switch self {
    case .classes(let classes):
      guard shape.count == 2 else { return nil }
      isTarget = { classes.elements[$0] != SequenceArrays.noTarget }
    case .values(let values):
      guard shape.count == 3, masksMissing else { return nil }
      let width = shape[2]
      isTarget = { place in
        !values.elements[place * width..<(place + 1) * width].contains(where: \.isNaN)
      }
    }
    return (0..<count).map { sequence in
      ((0..<steps).last { isTarget($0 * count + sequence) } ?? -1) + 1
    }
  }
}
