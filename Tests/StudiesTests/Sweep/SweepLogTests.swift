import Foundation
import Testing
import UnrollFileFormats
import UnrollTestSupport

@testable import UnrollStudies

struct SweepLogTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ value: String, seed: Int, id: String) -> SweepRun {
    SweepRun(
      id: id, setting: SweepSetting([value]), seed: seed, threshold: .meanNorms(2),
      unclippedPass: "pass"
    ) { throw CancellationError() }
  }

  private func log(_ runs: [SweepRun], _ options: [String] = ["hidden"]) throws -> SweepLog {
    try SweepLog(folder: folder.path, options: options, runs: runs) { _ in ResultOrigin() }
  }

  private func fill(_ runs: [SweepRun]) throws {
    let log = try log(runs)
    let measures = SweepResultsTests.result([], seed: 1, loss: 0.5).run
    for run in runs { try log.append(measures, of: run, cpu: "a CPU") }
    try log.append(MeanNorm(norm: 0.5, steps: 10), ofPass: "pass")
    try log.finish(log.ordered(as: runs.map(\.setting)))
  }

  @Test func rowsAndNormsAreGoneOnWith() throws {
    let runs = [run("4", seed: 1, id: "a"), run("8", seed: 1, id: "b")]
    try fill(runs)
    let more = [run("16", seed: 1, id: "c"), runs[1]]
    let log = try log(more)
    #expect(more.map(log.hasResult) == [false, true])
    #expect(log.meanNorm(ofPass: "pass") == MeanNorm(norm: 0.5, steps: 10))
    #expect(log.meanNorm(ofPass: "other") == nil)
    // Those of the settings named first, then what else the file has.
    #expect(log.ordered(as: more.map(\.setting)).map(\.id) == ["b", "a"])
    #expect(try SweepLog.meanNorm(ofPass: "pass", in: folder.path)?.norm == 0.5)
  }

  @Test func otherSettingsForAllRunsAreRefused() throws {
    try fill([run("4", seed: 1, id: "a")])
    #expect(
      throws: FileError.malformed(
        path: "\(folder.path)/runs.csv", line: nil,
        .otherOrigin(column: "run", found: "a", own: "z"))
    ) { try log([run("4", seed: 1, id: "z")]) }
  }

  @Test func otherOptionsAreRefused() throws {
    try fill([run("4", seed: 1, id: "a")])
    #expect(throws: FileError.self) { try log([], ["layers"]) }
  }

  @Test func aBrokenRowIsNamed() throws {
    try fill([run("4", seed: 1, id: "a"), run("8", seed: 1, id: "b")])
    let path = "\(folder.path)/runs.csv"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let broken = text.replacing("b,8,1,unsolved", with: "b,8,1,wrong")
    try broken.write(toFile: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: FileError.self) { try log([]) }
    #expect(error?.description.contains("line 3 is no result: b,8,1,wrong") == true)
    // Nothing was written.
    #expect(try String(contentsOfFile: path, encoding: .utf8) == broken)
  }
}
