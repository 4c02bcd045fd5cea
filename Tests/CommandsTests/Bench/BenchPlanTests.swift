import Testing
import UnrollRecurrentCells

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports
@testable import UnrollStudies

struct BenchPlanTests {
  private let cells = CellKind.builtIn.map(\.name)

  private func plan(_ words: String...) throws -> BenchPlan {
    guard case .arguments(let arguments) = try ArgumentParser(command: .bench).parse(words) else {
      throw ArgumentParser.UnexpectedHelp()
    }
    return try BenchPlan(arguments)
  }

  @Test func withoutSizesTheGridOfEachCell() throws {
    let plan = try plan()
    #expect(plan.entries.count == 6 * cells.count && !plan.isDouble && plan.budget == 0.5)
    #expect(Array(plan.entries.map(\.label)[4..<8]) == ["rnn", "rnn", "lstm", "lstm"])
    #expect(plan.entries[1].point.shape == "200,20,2,128")
    #expect(plan.entries.last?.point.shape == "64,64,512,1024")
    #expect(try self.plan("--cells", "gru,lstm/init=he").entries.count == 12)
  }

  @Test func oneSizeOrCellIsOneShape() throws {
    #expect(try plan("--cell", "gru").entries.map(\.label) == ["gru"])
    let sized = try plan("--input", "7", "--threads", "3", "--precision", "double")
    #expect(sized.entries.map(\.label) == cells)
    #expect(sized.entries.allSatisfy { $0.point.shape == "200,20,7,128" })
    #expect(sized.isDouble && sized.setting == "double, 3 threads")
    let named = try plan("--cells", "rnn,lstm/forget-bias=0", "--length", "9", "--batch", "2")
    #expect(named.entries.map(\.label) == ["rnn", "lstm/forget-bias=0"])
    #expect(named.entries.allSatisfy { $0.point.shape == "9,2,2,128" })
  }

  @Test func subnormalsHaveCellsOfTheirOwn() throws {
    let usual = try plan("--subnormals")
    #expect(usual.entries.map(\.label) == ["rnn", "lstm/forget-bias=none"])
    #expect(usual.entries.map(\.point.cell.description) == usual.entries.map(\.label))
    #expect(usual.entries.allSatisfy { $0.point.shape == "200,20,2,128" })
    let named = try plan("--subnormals", "--cells", "gru", "--length", "300")
    #expect(named.entries.map(\.point.shape) == ["300,20,2,128"])
  }
}
