/// A percentile of numbers that come one after the other.
///
/// Of n numbers in ascending order, x_0 … x_{n−1}, the p-th percentile is read at the place
/// v = (n − 1)·p/100, linearly between the two neighbors of v: NumPy's `percentile` with its default
/// method `linear`, to the same bits.
///
/// The numbers up to x_⌊v⌋ lie in one heap and those above in another, so that an insertion takes
/// O(log n) steps, and allocates only where the room has to be doubled.
struct RunningPercentile: Sendable {
  private let fraction: Double
  /// Negated, so that the largest is on top.
  private var low = Heap()
  private var high = Heap()

  init(_ percentile: Double) { fraction = percentile / 100 }

  var count: Int { low.count + high.count }

  /// All numbers, in no order.
  var values: [Double] { low.elements.map { -$0 } + high.elements }

  /// The percentile; nil without numbers.
  var value: Double? {
    guard let largest = low.top else { return nil }
    let below = -largest
    let place = Double(count - 1) * fraction
    let share = place - place.rounded(.down)
    guard let above = high.top, share > 0 else { return below }
    let gap = above - below
    return share < 0.5 ? below + gap * share : above - gap * (1 - share)
  }

  mutating func insert(_ x: Double) {
    if let largest = low.top, x >= -largest { high.insert(x) } else { low.insert(-x) }
    let wanted = Int(Double(count - 1) * fraction) + 1
    while low.count > wanted, let x = low.removeTop() { high.insert(-x) }
    while low.count < wanted, let x = high.removeTop() { low.insert(-x) }
  }

  mutating func removeAll() {
    low = Heap()
    high = Heap()
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
