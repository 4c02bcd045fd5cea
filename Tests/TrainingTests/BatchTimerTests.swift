import Testing
import UnrollRecurrentCells

@testable import UnrollTraining

struct BatchTimerTests {
  private func timer(
    _ target: TargetKind = .values(1), supervised: Range<Int> = 11..<12,
    truncation: Truncation = .full
  ) throws -> BatchTimer {
    let shape = BatchShape(
      timeSteps: 12, rows: 3, input: .values(2), target: target, supervised: supervised)
    return try BatchTimer(
      CellSpecification(.lstm),
      ModelConfiguration(input: shape.input, target: target, hidden: 4, layers: 2), shape,
      truncation: truncation, threads: 2)
  }

  /// A window without a target makes no update.
  @Test func aBatchIsAllUpdatesOfItsSequences() throws {
    #expect(try timer().updates == 1)
    #expect(try timer(truncation: .windows(period: 5, depth: 5)).updates == 1)
    #expect(
      try timer(supervised: 0..<12, truncation: .windows(period: 5, depth: 7)).updates == 3)
    #expect(
      try timer(supervised: 4..<12, truncation: .windows(period: 4, depth: 4)).updates == 2)
  }

  @Test(arguments: [TargetKind.values(1), .values(2), .classes(3), .values(0)])
  func aBatchOfAnyTargetsIsTimed(target: TargetKind) throws {
    let (one, other) = (
      try timer(target), try timer(target, truncation: .windows(period: 4, depth: 6))
    )
    let times = try other.times(beside: one, budget: 0)
    #expect(times.base > 0 && times.changed > 0 && times.ratio > 0)
    #expect(times.ratioRange.lowerBound > 0)
  }

  /// By hand: the rounds' ratios are 2, 3, 1 and 4 in any order, that of the least times 2.
  @Test func aRatioIsThatOfTheLeastTimes() {
    let pairs: [PairedTimes.Pair] = [
      .init(base: 1, changed: 2), .init(base: 2, changed: 6), .init(base: 9, changed: 9),
      .init(base: 3, changed: 12), .init(base: 2, changed: 4),
    ]
    let times = PairedTimes(pairs)
    #expect(times == PairedTimes(pairs.reversed()))
    #expect(times.base == 1 && times.changed == 2 && times.ratio == 2)
    #expect(times.ratioRange == 2...3)
  }
}
