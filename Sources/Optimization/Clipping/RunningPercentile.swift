/// A percentile of numbers that come one after the other.
///
/// Of n numbers in ascending order, x_0 … x_{n−1}, the p-th percentile is read at the place
/// v = (n − 1)·p/100, linearly between the two neighbors of v: NumPy's `percentile` with its default
/// method `linear`, to the same bits.
///
/// The numbers up to x_⌊v⌋ lie in one heap and those above in another, so that an insertion takes
/// O(log n) steps, and allocates only where the room has to be doubled.
///
/// More than ``exactCount`` numbers, which must not be negative then, are counted by their first bits:
/// see ``CountedNumbers``. So the memory has a bound however many there are.
struct RunningPercentile: Sendable {
  /// The most numbers that are all kept: half a megabyte.
  static let exactCount = 1 << 16

  let percentile: Double
  /// Negated, so that the largest is on top.
  private var low = Heap()
  private var high = Heap()
  private var counted: CountedNumbers?

  init(_ percentile: Double) { self.percentile = percentile }

  private var fraction: Double { percentile / 100 }

  var count: Int { counted?.total ?? low.count + high.count }

  /// The percentile; nil without numbers.
  var value: Double? {
    let place = Double(count - 1) * fraction
    let share = place - place.rounded(.down)
    let below: Double
    let above: Double?
    if let counted {
      below = counted.number(at: Int(place))
      above = Int(place) + 1 < count ? counted.number(at: Int(place) + 1) : nil
    } else {
      guard let largest = low.top else { return nil }
      (below, above) = (-largest, high.top)
    }
    guard let above, share > 0 else { return below }
    let gap = above - below
    return share < 0.5 ? below + gap * share : above - gap * (1 - share)
  }

  mutating func insert(_ x: Double) {
    if count == Self.exactCount, counted == nil {
      var counted = CountedNumbers()
      for number in exactValues { counted.insert(number) }
      self.counted = counted
      (low, high) = (Heap(), Heap())
    }
    if counted != nil {
      counted?.insert(x)
      let place = Int(Double(count - 1) * fraction)
      counted?.seek(place)
      return
    }
    if let largest = low.top, x >= -largest { high.insert(x) } else { low.insert(-x) }
    let wanted = Int(Double(count - 1) * fraction) + 1
    while low.count > wanted, let x = low.removeTop() { high.insert(-x) }
    while low.count < wanted, let x = high.removeTop() { low.insert(-x) }
  }

  private var exactValues: [Double] { low.elements.map { -$0 } + high.elements }

  // MARK: For checkpoints

  /// Numbers from which ``init(_:record:)`` makes the same percentile: all of them in no order, or those that
  /// ``CountedNumbers/record`` has.
  var record: [Double] { counted?.record ?? exactValues }

  /// The percentile that had this `record`; nil for numbers that none had. Earlier versions recorded all
  /// numbers, however many.
  init?(_ percentile: Double, record: [Double]) {
    self.init(percentile)
    if let first = record.first, first < 0 {
      guard let counted = CountedNumbers(record: record), counted.total > Self.exactCount else {
        return nil
      }
      self.counted = counted
      return
    }
    guard record.allSatisfy({ $0 >= 0 && $0.isFinite }) else { return nil }
    for number in record { insert(number) }
  }
}

/// A binary heap with its smallest element on top.
private struct Heap: Sendable {
  private(set) var elements: [Double] = []

  init() { elements.reserveCapacity(1024) }

  var count: Int { elements.count }
  var top: Double? { elements.first }

  mutating func insert(_ x: Double) {
    elements.append(x)
    var place = elements.count - 1
    while place > 0, elements[(place - 1) / 2] > x {
      elements.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  mutating func removeTop() -> Double? {
    guard let top = elements.first, let last = elements.popLast() else { return nil }
    guard !elements.isEmpty else { return top }
    elements[0] = last
    var place = 0
    while 2 * place + 1 < elements.count {
      var child = 2 * place + 1
      if child + 1 < elements.count, elements[child + 1] < elements[child] { child += 1 }
      guard elements[child] < last else { break }
      elements.swapAt(place, child)
      place = child
    }
    return top
  }
}
