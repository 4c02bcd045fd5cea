import Foundation
import Testing

@testable import UnrollFigures

/// The map of two options with numbers.
struct SweepMapFigureTests: SweepGroups {
  /// What diverged has no color, and does not take the scale from what did not.
  @Test func divergedFieldsHaveNoColor() throws {
    let numbers = ["1", "2", "3"]
    var groups = combinations([numbers, numbers])
    groups[4].loss = (.infinity, 0.1, .infinity)
    groups[8].loss = (.infinity, .infinity, .infinity)
    let drawing = SweepMapFigure(
      title: "t", subtitle: "s", options: ("a", "b"), groups: groups, lossName: "test loss"
    ).drawing
    let losses = try #require(drawing.data.last)
    #expect(losses.rows.count == 7)
    let script = drawing.commands.joined(separator: "\n")
    #expect(script.components(separatedBy: "set label 'diverged'").count - 1 == 2)
    // All others have a loss of 0.1.
    #expect(script.contains("set cbrange [1:1.000000001]"), "\(script)")
  }

  @Test func aMapHasAFieldForEachSetting() {
    let groups = ["1", "2"].flatMap { x in ["3", "4"].map { group([x, $0]) } }
    var diverged = groups
    diverged[3].loss = (.infinity, .infinity, .infinity)
    let script = SweepMapFigure(
      title: "t", subtitle: "s", options: ("batch", "hidden"), groups: diverged,
      lossName: "test loss"
    ).script(name: "sweep")
    #expect(script.components(separatedBy: "'50%'").count == 5)
    #expect(script.contains("'diverged' noenhanced at first 1,1"))
    #expect(script.contains("set xlabel 'batch'") && script.contains("set ylabel 'hidden'"))
    #expect(script.contains("set label 1 't'"))
  }

  /// Fields too small for numbers have none, and say what their colors mean.
  @Test func aLargeMapHasNoNumbers() {
    func script(_ count: Int) -> String {
      let values = (1...count).map(String.init)
      return SweepMapFigure(
        title: "t", subtitle: "s", options: ("batch", "hidden"),
        groups: values.flatMap { x in values.map { group([x, $0]) } }, lossName: "test loss"
      ).script(name: "sweep")
    }
    #expect(script(18).contains("'50%'") && !script(18).contains("darker"))
    #expect(!script(40).contains("'50%'") && script(40).contains("darker is better"))
  }

  /// A loss of exactly 0 is no divergence.
  @Test func aLossOfZeroIsShown() {
    var groups = ["1", "2"].flatMap { x in ["3", "4"].map { group([x, $0]) } }
    groups[0].loss = (0, 0, 0)
    let script = SweepMapFigure(
      title: "t", subtitle: "s", options: ("batch", "hidden"), groups: groups,
      lossName: "test loss"
    ).script(name: "sweep")
    #expect(!script.contains("diverged") && script.contains("'0.000' noenhanced at first 0,0"))
  }
}
