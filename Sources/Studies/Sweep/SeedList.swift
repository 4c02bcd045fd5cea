import UnrollText

/// The seeds of a comparison's runs, each once and in ascending order: `1-3,10-12`.
package struct SeedList: Equatable, Sendable, Sequence, CustomStringConvertible {
  /// The most seeds of a list that is read, and with them the most runs of a comparison.
  package static let most = 1_000_000

  /// Ascending, with a gap between each and the next; none is empty.
  private let ranges: [Range<Int>]

  /// These seeds; nil for none.
  package init?(_ seeds: some Sequence<Int>) {
    self.init(ranges: Set(seeds).map { $0..<($0 + 1) })
  }

  /// `count` seeds from `first` on; nil for none, and where they pass the largest number.
  package init?(from first: Int, count: Int) {
    let (end, overflow) = first.addingReportingOverflow(count)
    guard !overflow, count > 0 else { return nil }
    self.init(ranges: [first..<end])
  }

  private init?(ranges: [Range<Int>]) {
    guard !ranges.isEmpty else { return nil }
    self.ranges = ranges.sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) {
      joined, range in
      if let last = joined.last, last.upperBound >= range.lowerBound {
        joined[joined.count - 1] =
          last.lowerBound..<Swift.max(last.upperBound, range.upperBound)
      } else {
        joined.append(range)
      }
    }
  }

  /// Reads what ``description`` writes; nil for other texts, and for a seed that is there twice.
  package init?(_ text: String) {
    var ranges: [Range<Int>] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil,
        first >= 0, first <= last, last < Int.max
      else { return nil }
      ranges.append(first..<(last + 1))
    }
    self.init(ranges: ranges)
    guard ranges.allSatisfy({ $0.count <= SeedList.most }), count <= SeedList.most,
      ranges.reduce(0, { $0 + $1.count }) == count
    else { return nil }
  }

  /// How many there are.
  package var count: Int { ranges.reduce(0) { $0 + $1.count } }

  /// The least.
  package var first: Int { ranges[0].lowerBound }

  /// Whether none is missing between the least and the largest.
  package var isContiguous: Bool { ranges.count == 1 }

  /// The seeds of both.
  package func joined(_ other: SeedList) -> SeedList {
    SeedList(ranges: ranges + other.ranges) ?? self
  }

  package func makeIterator() -> some IteratorProtocol<Int> {
    ranges.lazy.flatMap { $0 }.makeIterator()
  }

  /// `1-3,10-12`
  package var description: String { text(between: ",") }

  /// As people read it: `3 seeds`, `4 seeds: 1-3, 10` where they are not the first ones.
  package var words: String {
    NumberText.count(count, "seed")
      + (isContiguous && first == 1 ? "" : ": \(text(between: ", "))")
  }

  private func text(between separator: String) -> String {
    ranges.map { range in
      range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound - 1)"
    }.joined(separator: separator)
  }
}
