import Foundation

/// How many of some numbers fall into which range.
///
/// The ranges are TensorFlow's: a tenth wider each, from 1e-12 on to either side of 0. Numbers that are
/// not finite are left out.
public struct EventHistogram: Equatable, Sendable {
  private var least = Double.infinity
  private var greatest = -Double.infinity
  private var sum = 0.0
  private var sumOfSquares = 0.0
  private var counts: [Int]

  /// Upper ends of the ranges, ascending; the last is the greatest number.
  private static let ends: [Double] = {
    var positive: [Double] = []
    var end = 1e-12
    while end < 1e20 {
      positive.append(end)
      end *= 1.1
    }
    return positive.reversed().map { -$0 } + [0] + positive + [.greatestFiniteMagnitude]
  }()

  /// Counts numbers.
  public init(_ numbers: [Double]) {
    let ends = Self.ends
    counts = Array(repeating: 0, count: ends.count)
    for number in numbers where number.isFinite {
      least = min(least, number)
      greatest = max(greatest, number)
      sum += number
      sumOfSquares += number * number
      counts[Self.range(of: number, in: ends)] += 1
    }
  }

  /// The first range whose end is not below `number`.
  private static func range(of number: Double, in ends: [Double]) -> Int {
    var (low, high) = (0, ends.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// How many numbers were counted.
  public var count: Int { counts.reduce(0, +) }

  /// As a `HistogramProto`, of the ranges from the first to the last that has a number. TensorBoard takes
  /// the least number for the beginning of the first, and the greatest for the end of the last.
  func write(to message: inout ProtobufMessage) {
    message.append(1, double: count > 0 ? least : 0)
    message.append(2, double: count > 0 ? greatest : 0)
    message.append(3, double: Double(count))
    message.append(4, double: sum)
    message.append(5, double: sumOfSquares)
    guard let first = counts.firstIndex(where: { $0 > 0 }),
      let last = counts.lastIndex(where: { $0 > 0 })
    else { return }
    message.append(6, doubles: Array(Self.ends[first...last]))
    message.append(7, doubles: counts[first...last].map(Double.init))
  }
}
