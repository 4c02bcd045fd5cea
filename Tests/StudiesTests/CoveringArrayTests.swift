import Testing

@testable import UnrollStudies

struct CoveringArrayTests {
  @Test(arguments: [
    [4, 3, 3, 2, 2, 2, 2], [2, 2], [3, 3, 3, 3], [1, 1, 1], [5, 1, 4], [2, 2, 2, 2, 2, 2, 2, 2],
    [4, 1, 3, 2, 2, 2, 2], [4, 16, 3, 2, 2, 2, 2],
  ])
  func everyPairStandsInSomeRow(levels: [Int]) {
    let rows = CoveringArray.pairs(levels: levels)
    for row in rows {
      #expect(row.count == levels.count)
      for (level, count) in zip(row, levels) { #expect((0..<count).contains(level)) }
    }
    for second in levels.indices {
      for first in 0..<second {
        let pairs = Set(rows.map { [$0[first], $0[second]] })
        #expect(pairs.count == levels[first] * levels[second], "factors \(first) and \(second)")
      }
    }
  }

  @Test func rowsAreFew() {
    // No fewer than the two largest factors' product; all combinations are 576.
    let count = CoveringArray.pairs(levels: [4, 3, 3, 2, 2, 2, 2]).count
    #expect((12...15).contains(count))
  }

  @Test func fewFactorsAreListed() {
    #expect(CoveringArray.pairs(levels: []).isEmpty)
    #expect(CoveringArray.pairs(levels: [3]) == [[0], [1], [2]])
  }
}
