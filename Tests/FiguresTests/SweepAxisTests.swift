import Foundation
import Testing

@testable import UnrollFigures

/// Where the values of an option stand.
struct SweepAxisTests {
  /// Thresholds lie on the logarithm of τ, and none apart at the right.
  @Test func numbersLieOnANumericAxis() throws {
    let axis = try #require(SweepAxis(["none", "norm:0.1", "norm:1", "norm:10"]))
    #expect(axis.isLogarithmic)
    #expect(["norm:0.1", "norm:1", "norm:10"].map(axis.place) == [-1, 0, 1])
    let none = try #require(axis.place("none"))
    #expect(none > 1 && axis.isApart("none") && !axis.isApart("norm:10"))
    #expect(axis.axis.tics.map(\.label) == ["0.1", "1", "10", "none"])
    let even = try #require(SweepAxis(["1", "2", "3"]))
    #expect(!even.isLogarithmic && even.place("3") == 3)
  }

  @Test(arguments: [
    ["rnn", "lstm"], ["norm:1", "value:2"], ["norm:1", "norm:2x"], ["5"], ["5:10", "5:20", "10"],
    ["1", "2", "a"],
  ])
  func otherValuesDoNot(values: [String]) { #expect(SweepAxis(values) == nil) }

  /// Labels on a narrow axis do not touch, and long texts side by side are slanted.
  @Test func labelsLeaveRoomForOneAnother() throws {
    let axis = try #require(SweepAxis(["1", "2", "3", "4", "5", "6", "7", "8", "none"]))
    func labels(_ width: Int) -> Int {
      axis.commands(width: width)[1].components(separatedBy: " 0,").count
        + (axis.commands(width: width)[1].contains("'none'") ? 0 : 100)
    }
    #expect(labels(785) == 9 && labels(120) < 9)
    let texts = SweepAxis(categories: (0..<8).map { "a-long-category-\($0)" })
    #expect(texts.commands(width: 400)[1].hasSuffix("rotate by 40 right"))
    #expect(texts.labelRoom(width: 400) > 50 && texts.labelRoom(width: 2000) == 0)
  }
}
