/// Few rows that try every pair: the usual way to cover settings that are too many to combine in
/// full (Cohen, Dalal, Fredman & Patton 1997, *The AETG system*).
package enum CoveringArray {
  /// Rows of one level each for several factors, such that any two levels of any two factors stand
  /// together in at least one row.
  ///
  /// Row by row, greedily: from the first pair that is not covered yet, each further factor takes
  /// the level that covers the most pairs with what the row has so far; of several such, the one
  /// used the least.
  ///
  /// - Parameter levels: the number of levels of each factor, each at least 1.
  package static func pairs(levels: [Int]) -> [[Int]] {
    var open = Set<Pair>()
    for second in levels.indices {
      for first in 0..<second {
        for a in 0..<levels[first] {
          for b in 0..<levels[second] {
            open.insert(Pair(.init(factor: first, level: a), .init(factor: second, level: b)))
          }
        }
      }
    }
    if levels.count < 2 { return levels.first.map { (0..<$0).map { [$0] } } ?? [] }
    var rows: [[Int]] = []
    var uses: [Place: Int] = [:]
    while let start = open.min() {
      var row = [start.first, start.second]
      for factor in levels.indices where !row.contains(where: { $0.factor == factor }) {
        let places = (0..<levels[factor]).map { Place(factor: factor, level: $0) }
        func worth(_ place: Place) -> (gain: Int, rarity: Int, earliness: Int) {
          (row.count { open.contains(Pair($0, place)) }, -(uses[place] ?? 0), -place.level)
        }
        if let best = places.max(by: { worth($0) < worth($1) }) { row.append(best) }
      }
      for (index, place) in row.enumerated() {
        for other in row[..<index] { open.remove(Pair(place, other)) }
        uses[place, default: 0] += 1
      }
      rows.append(row.sorted().map(\.level))
    }
    return rows
  }
}

/// One factor at one of its levels.
private struct Place: Hashable, Comparable {
  let factor: Int
  let level: Int

  static func < (a: Place, b: Place) -> Bool { (a.factor, a.level) < (b.factor, b.level) }
}

/// Two factors' levels, the lower factor first.
private struct Pair: Hashable, Comparable {
  let first: Place
  let second: Place

  init(_ a: Place, _ b: Place) {
    (first, second) = a < b ? (a, b) : (b, a)
  }

  static func < (a: Pair, b: Pair) -> Bool { (a.first, a.second) < (b.first, b.second) }
}
