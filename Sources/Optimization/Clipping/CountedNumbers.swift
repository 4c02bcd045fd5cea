/// How many numbers, none of them negative, begin with the same bits: exponent and 10 bits of fraction. A
/// number is then known to 1 part in 2,000, the smallest and the largest exactly, and ten powers of two take
/// 160 KB at most.
///
/// The bits of numbers that are not negative ascend as the numbers do.
struct CountedNumbers: Sendable, Equatable {
  private static let droppedBits: UInt64 = 42

  private(set) var total = 0
  private var smallest = Double.infinity
  private var largest = 0.0
  /// First bits, ascending, and how many numbers have them.
  private var keys: [UInt64] = []
  private var counts: [Int] = []
  /// A place to look from, and how many numbers lie before it.
  private var place = 0
  private var before = 0

  static func == (one: CountedNumbers, other: CountedNumbers) -> Bool { one.record == other.record }

  init() {
    keys.reserveCapacity(1024)
    counts.reserveCapacity(1024)
  }

  mutating func insert(_ x: Double) {
    insert(key: x.bitPattern >> Self.droppedBits, x, x, count: 1)
  }

  private mutating func insert(key: UInt64, _ least: Double, _ most: Double, count: Int) {
    total += count
    (smallest, largest) = (min(smallest, least), max(largest, most))
    var (lower, upper) = (0, keys.count)
    while lower < upper {
      let middle = (lower + upper) / 2
      if keys[middle] < key { lower = middle + 1 } else { upper = middle }
    }
    if lower < keys.count, keys[lower] == key {
      counts[lower] += count
      if lower < place { before += count }
      return
    }
    keys.insert(key, at: lower)
    counts.insert(count, at: lower)
    // The place goes on with what it was at, which the new numbers have moved.
    if lower <= place, keys.count > 1 { (place, before) = (place + 1, before + count) }
  }

  /// Looks from the number at `index` on, which is quick where the next one to be asked for is close.
  mutating func seek(_ index: Int) { (place, before) = self.place(of: index) }

  private func place(of index: Int) -> (place: Int, before: Int) {
    var (place, before) = (place, before)
    while index < before {
      place -= 1
      before -= counts[place]
    }
    while index >= before + counts[place] {
      before += counts[place]
      place += 1
    }
    return (place, before)
  }

  /// The number at `index` in ascending order, from 0.
  func number(at index: Int) -> Double {
    if index <= 0 { return smallest }
    if index >= total - 1 { return largest }
    let place = place(of: index).place
    let middle = Double(bitPattern: keys[place] << Self.droppedBits | 1 << (Self.droppedBits - 1))
    return min(max(middle, smallest), largest)
  }

  // MARK: For checkpoints

  /// -1, which no number is, the smallest and the largest, and pairs of a number and how many there are like it.
  var record: [Double] {
    [-1, smallest, largest]
      + zip(keys, counts).flatMap {
        [Double(bitPattern: $0 << Self.droppedBits), Double($1)]
      }
  }

  /// Nil for what is no ``record``.
  init?(record: [Double]) {
    self.init()
    guard record.count >= 5, record.count % 2 == 1, record[0] == -1 else { return nil }
    let (least, most) = (record[1], record[2])
    guard 0 <= least, least <= most, most.isFinite else { return nil }
    var last: UInt64?
    for index in stride(from: 3, to: record.count, by: 2) {
      let key = record[index].bitPattern >> Self.droppedBits
      guard record[index] >= 0, record[index].isFinite, last.map({ $0 < key }) ?? true,
        let count = Int(exactly: record[index + 1]), (1...1_000_000_000_000).contains(count)
      else { return nil }
      last = key
      insert(key: key, least, most, count: count)
    }
  }
}
