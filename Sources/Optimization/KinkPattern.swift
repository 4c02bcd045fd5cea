import UnrollDenseMath

/// A number that changes when one of the elements it has seen crosses a kink (FNV-1a): tells a gradient
/// check that an evaluation lies on the other side.
public struct KinkPattern: Sendable {
  /// The number; see ``GradientCheck/Evaluation/pattern``.
  public private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The pattern before any element.
  public init() {}

  /// Takes all elements, in order: how many of `kinks` each has passed.
  public mutating func add<Element>(_ elements: Matrix<Element>, at kinks: [Double] = [0]) {
    for row in 0..<elements.rows {
      for column in 0..<elements.columns {
        let element = Double(elements[row, column])
        let passed = kinks.reduce(0) { $0 + (element > $1 ? 1 : 0) }
        hash = (hash ^ UInt64(passed)) &* 0x100_0000_01B3
      }
    }
  }
}
