import Foundation
import Testing
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollSequenceTasks

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports
@testable import UnrollStudies

struct PredictCommandTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  private func trainSeries() throws -> String {
    runs.train(
      "series",
      ["--file", try runs.seriesFile(), "--column", "level", "--window", "5", "--holdout", "7"]
    ).model
  }

  @Test func theForecastFollowsTheSeries() throws {
    let model = try trainSeries()
    let outcome = runs.run([
      "predict", "--model", model, "--horizon", "3", "--out", runs.path("out"),
    ])
    #expect(outcome.status == .done)
    let files = ["config.json", "forecast.gp", "predict.csv", "summary.json"]
    #expect(Set(files).isSubset(of: runs.files(in: "out") ?? []))
    for line in outcome.out.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }

    let file = try ModelFile(path: model)
    let values = try CSVTable(path: runs.path("series.csv")).column(named: "level")
    let scaling = try SeriesScaling(decoding: #require(file.metadata["scaling"]))
    let forecast = try SeriesForecast(
      model: file.model, parameters: file.parameters, scaling: scaling)
    let oneStep = forecast.oneStepAhead(values)
    let table = try CSVTable(path: runs.path("out/predict.csv"))
    #expect(table.columnNames == ["year", "observed", "predicted", "forecast"])
    #expect(table.rows.map { $0[0] } == (1900..<1933).map { "\($0)" })
    #expect(table.rows.map { $0[1] } == values.map { "\($0)" } + ["", "", ""])
    #expect(
      table.rows.map { $0[2] } == [""] + oneStep.dropLast().map { "\($0)" } + ["", "", ""])
    let continuation = forecast.continuation(of: values, steps: 3)
    #expect(
      table.rows.map { $0[3] }
        == Array(repeating: "", count: 30) + continuation.map { "\($0)" })

    let summary = try JSONValue(contentsOf: runs.path("out/summary.json"))
    #expect(summary["forecast"]?.array?.compactMap(\.double) == continuation)
    #expect(summary["places"]?.array?.compactMap(\.double) == [1930, 1931, 1932])
  }

  @Test func theSquaredErrorIsThatOfTheEvaluation() throws {
    let model = try trainSeries()
    let prediction = runs.run([
      "predict", "--model", model, "--json", "--out", runs.path("out"),
    ]).json
    let evaluation = runs.run(["evaluate", "--model", model, "--json"]).json
    let (one, other) = (prediction["squared_error"]?.double, evaluation["squared_error"]?.double)
    // Float64 sums of 7 squares in another order.
    #expect(try abs(#require(one) / #require(other) - 1) < 1e-12)
    #expect(prediction["ar2_squared_error"] == evaluation["ar2_squared_error"])
  }

  @Test func aColumnByItsNumberAndAForecastWithoutAnIndex() throws {
    let model = try trainSeries()
    let single = try runs.file(
      "single.csv", "level\n" + (0..<12).map { "\($0 % 5)" }.joined(separator: "\n") + "\n")
    let outcome = runs.run([
      "predict", "--model", model, "--file", single, "--column", "1", "--horizon", "1", "--json",
      "--out", runs.path("out"),
    ])
    #expect(outcome.json["column"] == "level" && outcome.json["index"] == "index")
    #expect(outcome.json["places"] == [12])
    // All of another file is measured, so that nothing is held out of it.
    #expect(outcome.json["holdout"] == .null && outcome.json["measured"]?["count"]?.int == 11)
  }

  @Test func theOutputsAtTheLastStepGiveTheLoss() throws {
    let targets = (0..<10).map { Double($0) / 10 }
    let inputs = try runs.arraysFile { $0.append("y", shape: [5, 2], targets) }
    let (summary, model) = runs.train("arrays", ["--inputs", inputs])
    let outcome = runs.run(["predict", "--model", model, "--out", runs.path("out")])
    #expect(outcome.status == .done && outcome.errors.isEmpty)
    let table = try CSVTable(path: runs.path("out/predict.csv"))
    #expect(table.columnNames == ["sequence", "step", "output_0", "output_1"])
    #expect(
      table.rows.map { [$0[0], $0[1]] }
        == (0..<5).flatMap { sequence in (0..<4).map { ["\(sequence)", "\($0)"] } })
    var sum = 0.0
    for (sequence, row) in table.rows.filter({ $0[1] == "3" }).enumerated() {
      for output in 0..<2 {
        let value = try #require(Double(row[2 + output]))
        sum += (value - targets[2 * sequence + output]) * (value - targets[2 * sequence + output])
      }
    }
    // Sums of ten squares in another order.
    #expect(try abs(sum / 10 / #require(summary["training_data_loss"]?.double) - 1) < 1e-12)
  }

  @Test func classesGiveProbabilitiesAndNeedNoTargets() throws {
    let labeled = try runs.arraysFile("labeled.safetensors") {
      $0.append("y", shape: [5], [0, 1, 2, 1, 0])
    }
    let (_, model) = runs.train("arrays", ["--inputs", labeled])
    let bare = try runs.arraysFile("bare.safetensors") { _ in }
    let outcome = runs.run([
      "predict", "--model", model, "--inputs", bare, "--out", runs.path("out"),
    ])
    #expect(outcome.status == .done)
    let table = try CSVTable(path: runs.path("out/predict.csv"))
    #expect(
      table.columnNames
        == ["sequence", "step", "probability_0", "probability_1", "probability_2", "class"])
    #expect(table.rows.count == 20)
    for row in table.rows {
      let shares = row[2..<5].compactMap { Double($0) }
      #expect(shares.count == 3 && abs(shares.reduce(0, +) - 1) < 1e-12)
      #expect(shares.firstIndex(of: try #require(shares.max())) == Int(row[5]))
    }
  }

  /// A PyTorch `state_dict` does not say whether its outputs are classes, a file's targets do.
  @Test func classTargetsMakeAStateDictsOutputsProbabilities() throws {
    let model = TemporaryRuns.golden("pytorch-lstm")
    let own = try ModelFile(path: model).configuration
    let (inputs, outputs) = (own.input.width, own.target.width)
    func columns(_ name: String, _ write: (inout SafetensorsWriter) -> Void) throws -> [String] {
      var writer = SafetensorsWriter(requireFinite: true)
      writer.append("x", shape: [2, 1, inputs], Array(repeating: 0.5, count: 2 * inputs))
      write(&writer)
      try writer.write(to: runs.path(name))
      let outcome = runs.run([
        "predict", "--model", model, "--inputs", runs.path(name), "--out", runs.path("of-\(name)"),
      ])
      #expect(outcome.status == .done, "\(outcome.errors)")
      return try CSVTable(path: runs.path("of-\(name)/predict.csv")).columnNames
    }
    let classes = try columns("classes") { $0.append("y", shape: [1], [0] as [Int]) }
    #expect(classes.count == 3 + outputs && classes.last == "class")
    #expect(try columns("none") { _ in }.last == "output_\(outputs - 1)")
  }

  @Test func whatCannotBePredictedIsOneLineAndLeavesNothing() throws {
    let series = try trainSeries()
    let (_, text) = runs.train("text", ["--file", try runs.textFile(), "--window", "5"])
    let (_, adding) = runs.train("adding", ["--length", "5"])
    let inputs = try runs.arraysFile { _ in }
    let cases: [(words: [String], status: UnrollCommandLine.ExitStatus, part: String)] = [
      (["--model", text], .failed, "is a character model; unroll sample --model"),
      (["--model", adding], .usage, "predict needs --inputs FILE"),
      (["--model", adding, "--inputs", inputs], .failed, "'x' has 3 numbers a step"),
      (["--model", series, "--column", "nothing"], .failed, "no column 'nothing'"),
      (["--model", series, "--file", inputs, "--inputs", inputs], .usage, "exclude each other"),
      (["--model", series, "--holdout", "29"], .usage, "1 to 12 values can be held out"),
      (["--model", series, "--horizon", "0"], .usage, "must be a whole number from 1"),
      (["--model", runs.path("nothing")], .failed, "no such file"),
    ]
    for (words, status, part) in cases {
      let outcome = runs.run(["predict", "--out", runs.path("out")] + words)
      #expect(outcome.status == status && outcome.out.isEmpty, "\(words)")
      #expect(outcome.errors.count == 1 && outcome.errors[0].contains(part), "\(outcome.errors)")
      #expect(runs.files(in: "out") == nil, "\(words)")
    }
  }
}
