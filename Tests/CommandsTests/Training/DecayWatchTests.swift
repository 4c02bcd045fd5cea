import Foundation
import Testing
import UnrollDenseMath
import UnrollFileFormats
import UnrollGradientFlow
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks

@testable import UnrollCommands
@testable import UnrollReports

/// `unroll train --watch-decay`.
struct DecayWatchTests {
  private let workspace: Workspace
  private let words = [
    "train", "adding", "--length", "8", "--hidden", "5", "--batch", "4", "--threads", "1",
    "--watch-decay", "5", "--quiet",
  ]

  init() throws { workspace = try Workspace() }

  private func rows(_ folder: String) throws -> [[String]] {
    try CSVTable(path: workspace("\(folder)/decay-over-training.csv")).rows
  }

  @Test(arguments: CellKind.builtIn.map(\.name))
  func measuresBeforeTrainingAndEverySoOften(_ cell: String) throws {
    let outcome = workspace.run(
      words + ["--cell", cell, "--layers", "2", "--steps", "12", "--out", workspace("run")])
    #expect(outcome.status == .done, "\(outcome.errors)")
    let rows = try rows("run")
    // 3 times, 2 layers, 8 lags; by h and the whole state, and by c for the LSTM.
    #expect(rows.count == 3 * 2 * 8 * (cell == "lstm" ? 3 : 2))
    #expect(Set(rows.map { $0[0] }) == ["0", "5", "10"])

    // The fresh model's curve is what `decay` measures on the same batch.
    let specification = try CellSpecification(parsing: cell)
    let task = try AddingTask(length: 8, seed: 1)
    let model = RecurrentModel(
      specification,
      ModelConfiguration(input: task.input, target: task.target, hidden: 5, layers: 2))
    // The run trains in Float32.
    let single: Parameters<Float> = model.initialParameters(specification, seed: 1)
    let parameters = Parameters<Double>(model.layout)
    parameters.values.assign(single.values.values)
    let batch = Batch<Double>(task.batchShape(steps: 8, rows: 4))
    task.fill(batch, from: BatchLocation(split: .validation, sequence: 0, rows: 4))
    for curve in DecayCurve.measure(model, parameters, batch: batch) {
      let logged = rows.filter {
        $0[0] == "0" && $0[1] == "\(curve.layer)" && $0[2] == curve.path.rawValue
      }
      #expect(logged.compactMap { Double($0[4]) } == curve.means)
    }
  }

  @Test func aResumedRunLogsWhatAnUninterruptedOneWould() throws {
    #expect(workspace.run(words + ["--steps", "20", "--out", workspace("whole")]).status == .done)
    #expect(workspace.run(words + ["--steps", "12", "--out", workspace("part")]).status == .done)
    let outcome = workspace.run([
      "train", "--resume", workspace("part/checkpoint.safetensors"), "--steps", "20", "--quiet",
    ])
    #expect(outcome.status == .done, "\(outcome.errors)")
    #expect(try rows("part") == rows("whole"))
    #expect(try rows("whole").last?[0] == "20")
    #expect(workspace.names.contains("part/decay-over-training.svg"))
  }

  /// The end is measured, though it is between two measurements of the log.
  @Test func theSummaryHasStartAndEnd() throws {
    let outcome = workspace.run(words + ["--steps", "12", "--json", "--out", workspace("run")])
    let decay = try #require(JSONValue(parsing: Data(outcome.output.utf8))["gradient_decay"])
    #expect(decay["path"] == "c" && decay["layer"]?.int == 0 && decay["left_baseline"] == .null)
    #expect(decay["start"]?["step"]?.int == 0 && decay["end"]?["step"]?.int == 12)
    let first = try rows("run").filter { $0[0] == "0" && $0[2] == "c" }.compactMap { Double($0[4]) }
    let fit = DecayFit(means: first)
    #expect(decay["start"]?["rate"]?.double == fit.rate)
    #expect(decay["start"]?["verdict"]?.string == fit.verdict.rawValue)
    #expect(decay["start"]?["half_life"] == fit.halfLife.map { .number($0) } ?? .null)
    #expect(decay["start"]?["horizon"]?.int == fit.horizon)
    #expect(try rows("run").allSatisfy { $0[0] != "12" })

    let printed = workspace.run(words + ["--steps", "12", "--out", workspace("again")]).output
    #expect(printed.contains("  decay at the start "))
    #expect(printed.contains("  after 12 updates  "))
    #expect(printed.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.contains("/") })
  }

  @Test func aRunOfNoUpdatesSaysNothingOfThem() throws {
    let outcome = workspace.run(words.dropLast() + ["--steps", "0", "--out", workspace("run")])
    #expect(outcome.status == .done && !outcome.output.lowercased().contains("nan"))
    #expect(!outcome.output.contains("an update"))
    #expect(try rows("run").allSatisfy { $0[0] == "0" })
  }

  @Test func withoutItNothingIsMeasured() throws {
    let plain = words.prefix { $0 != "--watch-decay" } + ["--quiet"]
    // An earlier run's are set aside.
    #expect(workspace.run(words + ["--steps", "6", "--out", workspace("run")]).status == .done)
    #expect(workspace.names.contains("run/decay-over-training.csv"))
    #expect(workspace.run(plain + ["--steps", "6", "--out", workspace("run")]).status == .done)
    #expect(!workspace.names.contains { $0.hasPrefix("run/decay-over") })
    #expect(workspace.names.contains { $0.hasSuffix("/decay-over-training.csv") })
  }
}
