import Foundation
import Testing
import UnrollFileFormats
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports
@testable import UnrollStudies

/// What `evaluate`, `predict` and `decay` measure of the model's own data, of those that have grown, and
/// of others, and what they say of it.
struct MeasuredDataTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  private static func level(_ index: Int) -> Double { Double((index * index * 7) % 23) }

  /// A table of the years from 1900 on.
  private func table(_ name: String, years: Range<Int>, newestFirst: Bool = false) throws -> String
  {
    var rows = years.map { "\(1900 + $0),\(Self.level($0))\n" }
    if newestFirst { rows.reverse() }
    return try runs.file(name, "year,level\n" + rows.joined())
  }

  private func seriesModel(newestFirst: Bool = false) throws -> String {
    runs.train(
      "series",
      [
        "--file", try table("own.csv", years: 0..<30, newestFirst: newestFirst), "--column",
        "level", "--window", "5", "--holdout", "7",
      ]
    ).model
  }

  private func evaluate(_ model: String, _ words: String...) -> TemporaryRuns.Outcome {
    runs.run(["evaluate", "--model", model, "--json", "--threads", "1"] + words)
  }

  /// The loss as it is defined: one step after another from a fresh state, of the targets alone.
  private func seriesLoss(_ path: String, _ values: [Double], from first: Int) throws -> Double {
    let model = try SavedModel(path: path)
    let scaling = try #require(model.origin.scalings).targets[0].scaling
    let forecast = try SeriesForecast(
      model: RecurrentModel(model.file.specification, model.file.configuration),
      parameters: model.file.parameters, scaling: scaling)
    let predicted = forecast.oneStepAhead(values)
    let errors = (max(first, 1)..<values.count).map { predicted[$0 - 1] - values[$0] }
    let sum = errors.reduce(0) { $0 + $1 * $1 }
    return sum / Double(errors.count) / (scaling.deviation * scaling.deviation)
  }

  // MARK: Series

  @Test func anotherSeriesIsMeasuredAsAWhole() throws {
    let model = try seriesModel()
    let values = (100..<120).map(Self.level)
    let other = try table("other.csv", years: 100..<120)
    let evaluation = evaluate(model, "--file", other)
    #expect(evaluation.status == .done && evaluation.errors.isEmpty)
    let loss = try #require(evaluation.json["test_loss"]?.double)
    // The same numbers in another order of adding: a few units in the last place.
    #expect(try abs(loss / seriesLoss(model, values, from: 0) - 1) < 1e-12)
    #expect(evaluation.json.measuredNumbers == [2, 20, 19, 20])
    #expect(evaluation.json["measured"]?["file"]?.string == other)
    #expect(evaluation.json["measured_on"] == "all data")
    let words = try #require(evaluation.json["measured"]?["words"]?.string)
    #expect(words == "all of other.csv: values 2 to 20 of 20 (19)")
    // The baselines are of the same values.
    let steps = zip(values.dropFirst(), values).map { ($0 - $1) * ($0 - $1) }
    let persistence = try #require(evaluation.json["persistence_squared_error"]?.double)
    #expect(abs(persistence / (steps.reduce(0, +) / 19) - 1) < 1e-12)
    let ar2 = SeriesBaselines(values, ar2: AR2Model(fitting: values[...]), part: 1..<20).ar2
    #expect(evaluation.json["ar2_squared_error"]?.double == ar2)
    #expect(evaluation.json["ar2_fitted_to"] == "values measured")
    let text = runs.run(["evaluate", "--model", model, "--file", other]).out
    #expect(text.contains("measured") && text.contains("fitted to these"))
    for part in words.split(separator: ": ") { #expect(text.contains(part)) }
    #expect(!text.contains("test squared error"))
  }

  /// A copy and the recorded path hold the same, and give the same.
  @Test func theModelsOwnSeriesIsItsTestPart() throws {
    let model = try seriesModel()
    let copy = try table("copy.csv", years: 0..<30)
    let (own, copied) = (evaluate(model), evaluate(model, "--file", copy))
    #expect(own.json["test_loss"] == copied.json["test_loss"] && own.errors.isEmpty)
    for outcome in [own, copied] {
      #expect(
        outcome.json.measuredNumbers == [24, 30, 7, 30] && outcome.json["measured_on"] == "test")
      #expect(outcome.json["ar2_fitted_to"] == "training part")
    }
    #expect(
      try abs(
        #require(own.json["test_loss"]?.double)
          / seriesLoss(model, (0..<30).map(Self.level), from: 23) - 1) < 1e-12)
  }

  /// What was trained on is not measured, wherever rows were added.
  @Test(arguments: [
    (false, 0..<34, [24, 34, 11, 34]), (true, 0..<34, [24, 34, 11, 34]),
    (true, -3..<30, [27, 33, 7, 33]),
  ])
  func aSeriesThatHasGrownIsMeasuredFromItsTestPartOn(
    newestFirst: Bool, years: Range<Int>, expected: [Int]
  ) throws {
    let model = try seriesModel(newestFirst: newestFirst)
    let grown = try table("grown.csv", years: years, newestFirst: newestFirst)
    let evaluation = evaluate(model, "--file", grown)
    #expect(evaluation.json.measuredNumbers == expected && evaluation.json["measured_on"] == "test")
    #expect(
      evaluation.errors.contains { $0.contains("holds what the model was trained on, and more") })
    #expect(evaluation.json["ar2_fitted_to"] == "training part")
    let loss = try #require(evaluation.json["test_loss"]?.double)
    let defined = try seriesLoss(model, years.map(Self.level), from: expected[0] - 1)
    #expect(abs(loss / defined - 1) < 1e-12)
    // The file that the model itself names is not opened with another content.
    if !newestFirst {
      _ = try table("own.csv", years: years)
      let refused = evaluate(model)
      #expect(refused.status == .failed && refused.errors.count == 1)
      #expect(evaluate(model, "--file", runs.path("own.csv")).json.measuredNumbers == expected)
    }
  }

  @Test func aFileThatWasChangedInItsPlaceIsWarnedOf() throws {
    let model = try seriesModel()
    let own = try table("own.csv", years: 1..<30)
    let evaluation = evaluate(model, "--file", own)
    #expect(evaluation.json.measuredNumbers == [2, 29, 28, 29])
    #expect(
      evaluation.errors.contains {
        $0.contains("own.csv has changed since") && $0.contains("may have been trained on")
      })
  }

  /// Options narrow what is measured, and a recorded evaluation repeats that.
  @Test func optionsNarrowOtherData() throws {
    let model = try seriesModel()
    let other = try table("other.csv", years: 100..<120)
    let narrow = evaluate(model, "--file", other, "--holdout", "4", "--out", runs.path("a"))
    #expect(narrow.json.measuredNumbers == [17, 20, 4, 20] && narrow.json["measured_on"] == "test")
    let whole = evaluate(model, "--file", other, "--out", runs.path("b"))
    for (folder, first) in [("a", narrow), ("b", whole)] {
      let config = runs.path(folder) + "/config.json"
      #expect(runs.run(["evaluate", "--config", config, "--json"]).json == first.results)
    }
  }

  /// The errors of predict are those of evaluate, whatever the data are.
  @Test func predictMeasuresWhatEvaluateMeasures() throws {
    let model = try seriesModel()
    for (name, years) in [("copy.csv", 0..<30), ("grown.csv", 0..<34), ("other.csv", 100..<120)] {
      let file = try table(name, years: years)
      let evaluation = evaluate(model, "--file", file).json
      let out = runs.path("predict-\(name)")
      let prediction = runs.run([
        "predict", "--model", model, "--file", file, "--out", out, "--json", "--horizon", "2",
      ]).json
      for key in ["ar2_squared_error", "persistence_squared_error", "ar2_fitted_to", "measured"] {
        #expect(prediction[key] != nil && prediction[key] == evaluation[key], "\(name) \(key)")
      }
      let rows = try CSVTable(path: out + "/predict.csv")
      #expect(rows.rows.count == years.count + 2)
      // The rows that summary.json names give the error.
      let range = try #require(prediction["measured"]?["first"]?.int)...years.count
      let errors = try range.map { number in
        let row = rows.rows[number - 1]
        return try #require(Double(row[1])) - #require(Double(row[2]))
      }
      let mean = errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)
      #expect(try abs(mean / #require(prediction["squared_error"]?.double) - 1) < 1e-12)
      let measured = try #require(evaluation["squared_error"]?.double)
      #expect(abs(mean / measured - 1) < 1e-12)
    }
  }

  @Test func tooFewValuesAreRefused() throws {
    let model = try seriesModel()
    let outcome = evaluate(model, "--file", try table("two.csv", years: 0..<2))
    #expect(outcome.status == .failed)
    #expect(
      outcome.errors == [
        "unroll: \(runs.path("two.csv")): 2 values to measure; at least 3 are needed"
      ])
  }

  @Test func aStateDictIsMeasuredOnAWholeSeriesInItsOwnScaling() throws {
    let bare = try runs.copy(of: seriesModel(), named: "bare.safetensors") { $0 = ["cell": "lstm"] }
    let file = try table("own.csv", years: 0..<30)
    let outcome = runs.run([
      "evaluate", "series", "--model", bare, "--file", file, "--column", "level", "--json",
    ])
    #expect(outcome.status == .done, "\(outcome.errors)")
    #expect(outcome.json.measuredNumbers == [2, 30, 29, 30])
    let values = (0..<30).map(Self.level)
    let scaling = try #require(SeriesScaling(values[...]))
    let unscaled = try #require(outcome.json["squared_error"]?.double)
    let loss = try #require(outcome.json["test_loss"]?.double)
    #expect(abs(unscaled / scaling.unscaled(loss: loss) - 1) < 1e-12)
  }

  /// Parts are those of the measurement: of another series there is one alone, and in one that has grown
  /// the test goes on where it ended in training.
  @Test func gapsAreFilledWithinTheMeasuredPart() throws {
    func table(_ name: String, _ count: Int, without missing: Set<Int>) throws -> String {
      let rows = (0..<count).map { missing.contains($0) ? "NA\n" : "\(Self.level($0))\n" }
      return try runs.file(name, "level\n" + rows.joined())
    }
    let model = runs.train(
      "series",
      [
        "--file", try table("own.csv", 30, without: [4, 18]), "--column", "level", "--window", "5",
        "--holdout", "7", "--missing", "interpolate",
      ]
    ).model
    let known = (0..<16).filter { $0 != 4 }.map(Self.level)
    #expect(
      try SavedModel(path: model).origin.scalings?.targets[0].scaling == SeriesScaling(known[...]))
    var filled = (0..<33).map(Self.level)
    for index in [4, 18, 30] { filled[index] = (filled[index - 1] + filled[index + 1]) / 2 }
    let grown = try table("grown.csv", 33, without: [4, 18, 30])
    let loss = try #require(evaluate(model, "--file", grown).json["test_loss"]?.double)
    #expect(try abs(loss / seriesLoss(model, filled, from: 23) - 1) < 1e-12)
    let other = try table("other.csv", 20, without: [4, 18])
    let whole = try #require(evaluate(model, "--file", other).json["test_loss"]?.double)
    #expect(try abs(whole / seriesLoss(model, Array(filled[..<20]), from: 0) - 1) < 1e-12)
    // The value of line 20 is the last before a test of one value.
    let narrow = evaluate(model, "--file", other, "--holdout", "1")
    #expect(narrow.status == .failed && narrow.errors.count == 1)
    #expect(narrow.errors[0].contains("other.csv, line 20: 'NA' in column 'level'"))
    #expect(narrow.errors[0].contains("the number after it belongs to the next part"))
    // What was made up was not observed.
    let out = runs.path("out")
    let prediction = runs.run(["predict", "--model", model, "--out", out, "--json"])
    #expect(prediction.status == .done)
    let column = try CSVTable(path: out + "/predict.csv").texts(inColumn: "observed")
    #expect((0..<30).filter { column[$0].isEmpty } == [4, 18])
  }

  // MARK: Text

  private static let sentence = "the cat sat on the mat, and the dog lay by it. "

  private func textModel() throws -> String {
    let file = try runs.file("own.txt", String(repeating: Self.sentence, count: 10))
    return runs.train("text", ["--file", file, "--window", "10"]).model
  }

  @Test func anotherTextIsMeasuredAsAWhole() throws {
    let model = try textModel()
    let other = try runs.file("other.txt", String(repeating: "a dog sat! ", count: 20))
    let evaluation = evaluate(model, "--file", other)
    // 20 exclamation marks are not in the vocabulary.
    #expect(evaluation.json.measuredNumbers == [2, 220, 199, 220])
    #expect(evaluation.json["measured_on"] == "all data")
    let narrow = evaluate(model, "--file", other, "--test", "0.5", "--validation", "2")
    #expect(narrow.json.measuredNumbers == [112, 220, 99, 220])
    // The entropy of the known characters, each count raised by one.
    let known = String(repeating: "a dog sat ", count: 20)
    let counts = Dictionary(grouping: known) { $0 }.mapValues(\.count)
    let vocabulary = Set(Self.sentence)
    let total = Double(200 + vocabulary.count)
    let nats = counts.values.reduce(0.0) { $0 - Double($1) * log((Double($1) + 1) / total) } / 200
    let baseline = try #require(evaluation.json["baseline_loss"]?.double)
    #expect(abs(baseline / nats - 1) < 1e-12)
    let text = runs.run(["evaluate", "--model", model, "--file", other]).out
    #expect(text.contains("its own character frequencies") && !text.contains("test cross-entropy"))
    #expect(text.contains("all of other.txt\n"))
    #expect(text.contains("characters 2 to 220 of 220 (199 of these 219)\n"))
  }

  @Test func aTextThatHasGrownIsMeasuredFromItsTestPartOn() throws {
    let model = try textModel()
    let text = String(repeating: Self.sentence, count: 10)
    let grown = try runs.file("grown.txt", text + "the dog sat.")
    // 470 characters, of which 24 are for the test.
    #expect(evaluate(model).json.measuredNumbers == [448, 470, 23, 470])
    let evaluation = evaluate(model, "--file", grown)
    #expect(evaluation.json.measuredNumbers == [448, 482, 35, 482])
    let words = try #require(evaluation.json["measured"]?["words"]?.string)
    #expect(
      words == "the test part of grown.txt and what follows it: characters 448 to 482 of 482 (35)")
    #expect(evaluation.errors.count == 1)
    // What only the model's first line and last lines have is another text.
    let inserted = try runs.file("inserted.txt", "the\n" + text)
    #expect(evaluate(model, "--file", inserted).json.measuredNumbers[0] == 2)
  }

  // MARK: Sequences

  @Test func sequencesSayWhichOfThemWereMeasured() throws {
    let file = try runs.arraysFile { $0.append("y", shape: [5], [0, 1, 2, 1, 0]) }
    let model = runs.train("arrays", ["--inputs", file, "--test", "40%"]).model
    #expect(evaluate(model).json.measuredNumbers == [4, 5, 2, 5])
    let copy = runs.path("copy.safetensors")
    try FileManager.default.copyItem(atPath: file, toPath: copy)
    #expect(evaluate(model, "--inputs", copy).json.measuredNumbers == [4, 5, 2, 5])
    // Outputs are those of all sequences, the test's and others.
    let outputs = runs.run(["predict", "--model", model, "--out", runs.path("out"), "--json"])
    #expect(outputs.json.measuredNumbers == [1, 5, 5, 5])
    let adding = runs.train("adding", ["--length", "12"]).model
    #expect(evaluate(adding).json["measured"] == .null)
  }

  // MARK: Decay

  @Test func decayNamesTheStretchesItMeasured() throws {
    let file = try runs.file("own.txt", String(repeating: Self.sentence, count: 10))
    let words = [
      "decay", "--task", "text", "--file", file, "--length", "8", "--batch", "3", "--cells", "rnn",
      "--hidden", "4", "--out", runs.path("decay"),
    ]
    let (stretches, elements) = (
      "3 stretches of 8 steps, spread over the training part of own.txt:",
      "characters 1 to 423 of 470"
    )
    #expect(runs.run(words).out.contains("\n  \(stretches)\n  \(elements)\n"))
    let measured = try JSONValue(contentsOf: runs.path("decay/summary.json"))["measured"]
    #expect(measured?["words"]?.string == "\(stretches) \(elements)")
    #expect(measured?["rows"]?.int == 3 && measured?["steps"]?.int == 8)
    #expect(measured?["file"]?.string == file)
    let arrays = try runs.arraysFile { $0.append("y", shape: [5], [0, 1, 2, 1, 0]) }
    let model = runs.train(
      "arrays", ["--inputs", arrays, "--validation", "2", "--test", "1"]
    ).model
    let held = runs.run(["decay", "--model", model, "--out", runs.path("held")]).out
    #expect(
      held.contains("\n  the validation part of arrays.safetensors:\n  sequences 3 to 4 of 5\n"))
    let adding = runs.run([
      "decay", "--length", "8", "--batch", "3", "--cells", "rnn", "--hidden", "4", "--json",
      "--out",
      runs.path("adding"),
    ])
    #expect(adding.json["measured"] == .null)
  }
}
