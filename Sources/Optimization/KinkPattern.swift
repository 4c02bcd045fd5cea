import UnrollDenseMath

/// A number that changes when the sign of one of the elements it has seen does (FNV-1a): tells a
/// gradient check that an evaluation lies on the other side of a kink.
public struct KinkPattern: Sendable {
  /// The number; see ``GradientCheck/Evaluation/pattern``.
  public private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The pattern before any element.
  public init() {}

  /// Takes the signs of all elements, in order.
  public mutating func add<Element>(_ elements: Matrix<Element>) {
    for row in 0..<elements.rows {
      for column in 0..<elements.columns {
        hash = (hash ^ (elements[row, column] > 0 ? 1 : 0)) &* 0x100_0000_01B3
      }
    }
  }
}
