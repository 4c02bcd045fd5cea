/// How often each Unicode scalar occurs in a text.
public struct ScalarCounts: Equatable, Sendable {
  /// The distinct scalars, ascending.
  public let scalars: [Unicode.Scalar]
  /// How often each of `scalars` occurs, in the same order.
  public let counts: [Int]
  /// The number of scalars in the text.
  public let total: Int
}

extension ScalarCounts {
  /// From the number of occurrences of each code point.
  init(_ occurrences: [Int]) {
    scalars = occurrences.indices.filter { occurrences[$0] > 0 }
      .compactMap { Unicode.Scalar(UInt32($0)) }
    counts = scalars.map { occurrences[Int($0.value)] }
    total = counts.reduce(0, +)
  }

  /// The counts of what remains of a text when a part with the counts `part` is taken away.
  public func subtracting(_ part: ScalarCounts) -> ScalarCounts {
    var occurrences = [Int](repeating: 0, count: 0x11_0000)
    for (scalar, count) in zip(scalars, counts) { occurrences[Int(scalar.value)] = count }
    for (scalar, count) in zip(part.scalars, part.counts) {
      occurrences[Int(scalar.value)] -= count
    }
    return ScalarCounts(occurrences)
  }
}
