import Testing

@testable import UnrollSequenceTasks

struct StreamRowsTests {
  @Test func everyTargetLiesInside() {
    for elements in 0..<40 {
      for rows in 1..<12 {
        let cut = StreamRows(elements: elements, rows: rows)
        #expect(cut.length == max(elements - 1, 0) / rows)
        if cut.length > 0 {
          let last = cut.element(row: rows - 1, step: cut.length - 1)
          #expect(last + 1 < elements, "\(elements) in \(rows)")
        }
      }
    }
  }

  @Test func aLimitLeavesRowsWhereTheyAre() {
    let cut = StreamRows(elements: 101, rows: 4, stepLimit: 10)
    #expect(cut.length == 10 && cut.element(row: 3, step: 2) == 77)
  }

  @Test func stepsEndWithTheRows() {
    let cut = StreamRows(elements: 21, rows: 2)
    #expect([0, 4, 8, 10, Int.max].map { cut.steps(from: $0, atMost: 4) } == [4, 4, 2, 0, 0])
  }

  /// Each target is in one row, and the last row is as long as is left.
  @Test func rowsThatCoverAllLeaveNothing() {
    for elements in 2..<40 {
      for rows in 1..<12 {
        let cut = StreamRows(elements: elements, rows: rows, coversAll: true)
        var seen: [Int] = []
        for row in 0..<rows {
          let steps = cut.steps(ofRow: row, from: 0, atMost: .max)
          #expect(steps <= cut.length)
          seen += (0..<steps).map { cut.element(row: row, step: $0) }
        }
        #expect(seen == Array(0..<elements - 1), "\(elements) in \(rows)")
      }
    }
    let cut = StreamRows(elements: 12, rows: 3, coversAll: true)
    #expect([0, 2, 3, 9].map { cut.steps(ofRow: 2, from: $0, atMost: 2) } == [2, 1, 0, 0])
  }

  @Test func twoStepsARowAreNeeded() {
    for rows in 1..<20 {
      let needed = StreamRows.elementsNeeded(forRows: rows)
      #expect(StreamRows(elements: needed, rows: rows).length == 2)
      #expect(StreamRows(elements: needed - 1, rows: rows).length == 1)
    }
    #expect(StreamRows.elementsNeeded(forRows: .max) == .max)
    #expect(StreamRows.elementsNeeded(forRows: 1 << 62) == .max)
  }
}
