import Foundation
import Testing

@testable import UnrollFigures

@Suite struct AxisTests {
  @Test func linearTicsStandAtRoundNumbers() {
    let axis = Axis.linear([0, 99], tics: 10, whole: true)
    #expect(axis.low == 0 && axis.high == 99)
    #expect(axis.tics.map(\.at) == stride(from: 0.0, through: 90, by: 10).map(\.self))
    #expect(axis.tics.map(\.label) == (0...9).map { $0 == 0 ? "0" : "\($0)0" })
  }

  @Test func wholeTicsAreNeverFractions() {
    #expect(Axis.linear([0, 3], tics: 10, whole: true).tics.map(\.label) == ["0", "1", "2", "3"])
  }

  /// Neighbors have different labels, however close they are to each other for their size. A page's script
  /// has the same rule: tools/report/check.py has it make these labels.
  @Test(
    arguments: [
      (
        [100_000_000, 100_000_700],
        ["10^{8}", "1.000002·10^{8}", "1.000004·10^{8}", "1.000006·10^{8}"]
      ),
      ([-5e6, 5e6], ["−4000000", "−2000000", "0", "2000000", "4000000"]),
      ([0, 1e-4], ["0", "0.00002", "0.00004", "0.00006", "0.00008", "0.00010"]),
      ([0, 2e-5], ["0", "5·10^{−6}", "10^{−5}", "1.5·10^{−5}", "2·10^{−5}"]),
      ([-3e7, 0], ["−3·10^{7}", "−2·10^{7}", "−10^{7}", "0"]),
    ] as [([Double], [String])]) func labelsDiffer(values: [Double], expected: [String])
  {
    let axis = Axis.linear(values, tics: 5)
    #expect(axis.tics.map(\.label) == expected)
    #expect(Set(axis.tics.map(\.plainLabel)).count == axis.tics.count)
  }

  @Test func oneValueGetsRoom() {
    let axis = Axis.linear([0.3], tics: 5)
    #expect(axis.low < 0.3 && axis.high > 0.3)
    let none = Axis.linear([.nan, .infinity], tics: 5)
    #expect(none.low == 0 && none.high == 1)
  }

  @Test func logarithmicDecades() throws {
    let axis = try #require(Axis.logarithmic([1e-60, 1], tics: 8))
    #expect(axis.low == -60 && axis.high == 0)
    #expect(
      axis.tics.map(\.label) == [
        "10^{−60}", "10^{−50}", "10^{−40}", "10^{−30}", "10^{−20}", "10^{−10}", "10^{0}",
      ])
  }

  @Test func logarithmicWithinOneDecade() throws {
    let axis = try #require(Axis.logarithmic([0.3, 0.9], tics: 8))
    #expect(axis.tics.map(\.label) == ["0.1", "0.2", "0.5", "1", "2"])
    #expect(axis.low == -1 && axis.high == log10(2.0))
  }

  @Test func logarithmicOfNothing() {
    #expect(Axis.logarithmic([0, -1, .nan, .infinity], tics: 8) == nil)
  }

  /// Whatever the values, the axis holds them and has at least two and not too many labels.
  @Test(arguments: 0..<300)
  func holdsItsValues(seed: Int) throws {
    var numbers = SeededNumbers(seed: UInt64(seed))
    let scale = pow(10, 400 * numbers.uniform() - 200)
    let spread = pow(10, 60 * numbers.uniform())
    let values = (0..<3).map { _ in scale * pow(spread, numbers.uniform()) }
    let count = 4 + seed % 7
    let linear = Axis.linear(values, tics: count, margin: 0.05)
    #expect(values.allSatisfy { linear.low <= $0 && $0 <= linear.high }, "seed \(seed)")
    #expect((2...count + 2).contains(linear.tics.count), "seed \(seed): \(linear)")
    let logarithmic = try #require(Axis.logarithmic(values, tics: count))
    let exponents = values.map { log10($0) }
    #expect(
      exponents.allSatisfy { logarithmic.low <= $0 + 1e-9 && $0 <= logarithmic.high + 1e-9 },
      "seed \(seed)")
    let labeled = logarithmic.tics.filter { !$0.label.isEmpty }
    #expect((2...max(8, count)).contains(labeled.count), "seed \(seed): \(logarithmic)")
  }

  /// Whole numbers between which no room is left in a Double.
  @Test(arguments: [1e9, 1e16, 1e17, -1e18, 1e23, 1e280])
  func oneLargeWholeNumberHasAnAxis(number: Double) {
    let axis = Axis.linear([number], tics: 5, whole: true)
    #expect(axis.low < number && number < axis.high)
  }
}
