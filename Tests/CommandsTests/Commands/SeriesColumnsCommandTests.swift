import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands

/// Several columns of a series, from the command line to the files of a run.
struct SeriesColumnsCommandTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  private func file() throws -> String {
    let rows = (0..<60).map { row in
      let angle = Double(row) / 3
      return "\(row),\(10 + 3 * sin(angle)),\((row * 7) % 11),\(5 + cos(angle))\n"
    }
    return try runs.file("s.csv", "t,load,\"wind, 10 m\",temp\n" + rows.joined())
  }

  private func train(_ words: [String]) throws -> (summary: JSONValue, model: String) {
    runs.train("series", ["--file", try file(), "--window", "5"] + words)
  }

  private func numbers(_ value: JSONValue?) -> [Double] {
    value?.array?.compactMap(\.double) ?? []
  }

  /// Training, evaluation and forecast agree on each target's error and on those of known methods.
  @Test func severalTargetsHaveListsInTheirOrder() throws {
    let (summary, model) = try train(["--columns", "load,\"wind, 10 m\",temp"])
    let evaluated = runs.run(["evaluate", "--model", model, "--json"]).json
    let outcome = runs.run([
      "predict", "--model", model, "--horizon", "3", "--json", "--out", runs.path("out"),
    ])
    let predicted = outcome.json
    for json in [summary, evaluated, predicted] {
      #expect(json["targets"] == ["load", "wind, 10 m", "temp"])
      for key in ["squared_error", "ar2_squared_error", "persistence_squared_error"] {
        #expect(numbers(json[key]).count == 3)
        for (one, other) in zip(numbers(json[key]), numbers(summary[key])) {
          // Float64 sums of 12 squares.
          #expect(abs(one / other - 1) < 1e-9)
        }
      }
    }
    let single = runs.train(
      "series", ["--file", runs.path("s.csv"), "--window", "5", "--column", "temp"])
    #expect(single.summary["ar2_squared_error"]?.double == numbers(summary["ar2_squared_error"])[2])
    #expect(single.summary["targets"] == nil)
    #expect(predicted["forecast"]?.array?.map { $0.array?.count } == [3, 3, 3])
    let table = try CSVTable(path: runs.path("out/predict.csv"))
    #expect(
      table.columnNames
        == ["t"]
        + ["load", "wind, 10 m", "temp"].flatMap {
          ["\($0)_observed", "\($0)_predicted", "\($0)_forecast"]
        })
    #expect(table.rows.count == 63 && table.rows[0][2] == "" && table.rows[62][4] == "")
    #expect(Set(["forecast-1.svg", "forecast-3.svg"]).isSubset(of: runs.files(in: "out") ?? []))
    for line in runs.run(["evaluate", "--model", model]).out.split(separator: "\n") {
      #expect(line.count <= 80, "\(line)")
    }
  }

  /// The unscaled errors are those of the loss: the mean over targets of error over variance.
  @Test func theLossIsTheMeanOverScaledTargets() throws {
    let (_, model) = try train(["--columns", "load,temp"])
    let evaluated = runs.run(["evaluate", "--model", model, "--json"]).json
    let metadata = try #require(try SafetensorsFile(path: model).metadata["scaling"])
    let targets = try JSONValue(parsing: Data(metadata.utf8))["targets"]?.array ?? []
    let deviations = targets.compactMap { $0["deviation"]?.double }
    let mean =
      zip(numbers(evaluated["squared_error"]), deviations).map { $0 / ($1 * $1) }
      .reduce(0, +) / 2
    #expect(try abs(mean / #require(evaluated["test_loss"]?.double) - 1) < 1e-9)
  }

  /// With a column that is not predicted, the next value alone can be forecast.
  @Test func aForecastNeedsEveryInput() throws {
    let (_, model) = try train(["--columns", "load,temp", "--target", "load"])
    let refused = runs.run(["predict", "--model", model, "--horizon", "4"])
    #expect(refused.status == .usage && refused.errors.count == 1)
    #expect(refused.errors[0].contains("--horizon 4: column 'temp' is read but not predicted"))
    let outcome = runs.run(["predict", "--model", model, "--json", "--out", runs.path("out")])
    #expect(outcome.status == .done)
    #expect(outcome.errors.contains { $0.contains("'temp' is read but not predicted") })
    #expect(outcome.json["column"] == "load" && outcome.json["columns"] == ["load", "temp"])
    #expect(numbers(outcome.json["forecast"]).count == 1 && outcome.json["horizon"] == 1)
    let evaluation = runs.run(["evaluate", "--model", model, "--json"]).json
    let (one, other) = (outcome.json["squared_error"], evaluation["squared_error"])
    #expect(try abs(#require(one?.double) / #require(other?.double) - 1) < 1e-9)
    // The same run once more, from its own settings.
    let again = runs.run([
      "predict", "--config", runs.path("out/config.json"), "--json", "--out", runs.path("again"),
    ])
    #expect(again.json["forecast"] == outcome.json["forecast"])
  }

  @Test func whatContradictsItselfIsRefused() throws {
    let path = try file()
    func refused(_ words: [String]) -> String {
      let outcome = runs.run(["train", "series", "--file", path, "--out", runs.path("no")] + words)
      #expect(outcome.status == .usage && outcome.errors.count == 1)
      return outcome.errors.first ?? ""
    }
    #expect(
      refused(["--column", "load", "--columns", "load,temp"])
        .contains("--column and --columns exclude each other"))
    #expect(
      refused(["--column", "load", "--target", "temp"])
        .contains("--column and --target exclude each other"))
    #expect(refused(["--columns", "load,"]).contains("--columns 'load,'"))
    #expect(refused(["--target", "load"]).contains("needs --column"))
    #expect(runs.files(in: "no") == nil)
  }

  /// A model is used on other columns only where it has as many, and says whose place they take.
  @Test func otherColumnsThanTheModelsAreNamed() throws {
    let (_, model) = try train(["--columns", "load,temp"])
    let other = runs.run(["evaluate", "--model", model, "--columns", "temp,load", "--json"])
    #expect(other.status == .done && other.json["targets"] == ["temp", "load"])
    #expect(
      other.errors.contains { $0.contains("'temp' stands in the place of the model's 'load'") })
    let fewer = runs.run(["evaluate", "--model", model, "--column", "temp"])
    #expect(fewer.status == .failed)
    #expect(fewer.errors[0].contains("1 column is read and 1 predicted; the model reads 2"))
  }

  /// What is typed stands for what a recorded run says in the other form.
  @Test func aRecordedRunTakesOtherColumns() throws {
    _ = try train(["--columns", "load,temp"])
    let config = runs.path("train-series/config.json")
    let one = runs.run([
      "train", "series", "--config", config, "--column", "temp", "--json", "--quiet", "--out",
      runs.path("one"),
    ])
    #expect(one.status == .done && one.json["targets"] == nil)
    let back = runs.run([
      "train", "series", "--config", runs.path("one/config.json"), "--columns", "load,temp",
      "--json", "--quiet", "--out", runs.path("back"),
    ])
    #expect(back.status == .done && back.json["targets"] == ["load", "temp"])
  }

  @Test func decayMeasuresAModelOfSeveralColumns() throws {
    let (_, model) = try train(["--columns", "load,temp", "--target", "temp"])
    let outcome = runs.run([
      "decay", "--model", model, "--length", "12", "--batch", "3", "--json", "--out",
      runs.path("decay"),
    ])
    #expect(outcome.status == .done, "\(outcome.errors)")
    #expect(outcome.json["curves"]?.array?.isEmpty == false)
  }
}
