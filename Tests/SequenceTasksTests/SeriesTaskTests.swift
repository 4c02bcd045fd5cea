import Foundation
import Testing
import UnrollFileFormats
import UnrollSequenceTasks

struct SeriesTaskTests {
  private static let sunspots = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("data/sunspots.csv").path

  private static func file(_ values: [Double]) throws -> TemporaryFile {
    try TemporaryFile("v\n" + values.map { "\($0)\n" }.joined(), extension: "csv")
  }

  /// Against the figures of data/README.md, which NumPy gave, printed to nine digits.
  @Test func sunspotBaselinesAreNumPys() throws {
    let values = try CSVTable(path: Self.sunspots).column(named: "sunspots")
    let baselines = SeriesBaselines(
      values, ar2: AR2Model(fitting: values[..<249]), part: 249..<309)
    #expect(abs(baselines.ar2 / 512.792558 - 1) < 1e-6)
    #expect(abs(baselines.persistence / 1082.280667 - 1) < 1e-6)
    #expect(abs(baselines.ar2Model.intercept / 14.240752 - 1) < 1e-6)
    #expect(abs(baselines.ar2Model.coefficients.first / 1.375325773 - 1) < 1e-6)
    #expect(abs(baselines.ar2Model.coefficients.second / -0.694495113 - 1) < 1e-6)
  }

  /// The same with three parts, of data/README.md.
  @Test func sunspotPartsAreNumPys() throws {
    let task = try SeriesTask(path: Self.sunspots, column: "sunspots", holdout: 60)
    #expect(task.values.count == 309 && task.firstValidation == 189 && task.firstTest == 249)
    #expect(abs(task.baselines.ar2 / 509.438209 - 1) < 1e-8)
    #expect(abs(task.baselines.persistence / 1082.280667 - 1) < 1e-8)
    #expect(abs(task.baselines(in: .validation)[0].ar2 / 217.357402 - 1) < 1e-8)
    #expect(abs(task.baselines(in: .validation)[0].persistence / 463.5305 - 1) < 1e-8)
    #expect(abs(task.baselines.ar2Model.intercept / 13.637603 - 1) < 1e-7)
  }

  /// What is fitted, the scaling and AR(2), knows the training part alone, whatever comes after it.
  @Test func nothingIsFittedToWhatIsHeldOut() throws {
    let values = (0..<30).map { sin(Double($0)) }
    let (one, other) = (
      try Self.file(values), try Self.file(Array(values[..<18]) + (0..<12).map { Double($0 * 100) })
    )
    let tasks = try [one, other].map { try SeriesTask(path: $0.path, column: "v") }
    #expect(tasks[0].firstValidation == 18 && tasks[0].firstTest == 24)
    #expect(tasks[0].scaling == tasks[1].scaling)
    #expect(tasks[0].baselines.ar2Model == tasks[1].baselines.ar2Model)
    #expect(tasks[0].baselines(in: .validation)[0].ar2Model == tasks[0].baselines.ar2Model)
    #expect(tasks[0].filled(.train, rows: 2).allRows == tasks[1].filled(.train, rows: 2).allRows)
    #expect(tasks[0].baselines.persistence < 1 && tasks[1].baselines.persistence == 10_000)
  }

  @Test func resultsAreBesideThoseOfTheSamePart() throws {
    let file = try Self.file((0..<40).map { sin(Double($0)) * Double($0) })
    let task = try SeriesTask(path: file.path, column: "v")
    for (split, baselines) in [
      (Split.validation, task.baselines(in: .validation)[0]), (.test, task.baselines),
    ] {
      let values = task.results(loss: 2, in: split).map(\.value)
      #expect(
        values == [
          task.scaling.unscaled(loss: 2), baselines.ar2, baselines.persistence,
        ])
    }
    #expect(task.baselines(in: .validation)[0] != task.baselines)
  }

  @Test func rowsAreStretchesOfTheScaledTrainingPart() throws {
    let values = (0..<25).map { Double(($0 * 7) % 11) }
    let file = try Self.file(values)
    let task = try SeriesTask(path: file.path, column: "v")
    #expect(task.firstValidation == 15 && task.firstTest == 20)
    let scaled = values.map(task.scaling.scaled)
    let (sum, squares) = scaled[..<15].reduce((0, 0)) { ($0.0 + $1, $0.1 + $1 * $1) }
    #expect(abs(sum) < 1e-12 && abs(squares / 15 - 1) < 1e-12)
    #expect(task.timeSteps(in: .train, rows: 3) == 4)
    let batch = task.filled(rows: 3, step: 2, steps: 3)
    for row in 0..<3 {
      let start = row * 4 + 2
      let got = batch.row(row)
      #expect(got.inputs == [[scaled[start]], [scaled[start + 1]], [0]])
      #expect(got.targets == [[scaled[start + 1]], [scaled[start + 2]], [0]])
      #expect(got.lossMask == [1, 1, 0])
    }
    #expect(task.filled(rows: 3, step: .max, steps: 2).row(0).lossMask == [0, 0])
  }

  /// In all parts, and in what is fitted to the training part.
  @Test func maskedValuesAreNoTargetsAndScaleNothing() throws {
    let texts = (0..<20).map { [3, 11, 17].contains($0) ? "NA" : "\($0 % 4)" }
    let file = try TemporaryFile("v\n" + texts.map { $0 + "\n" }.joined(), extension: "csv")
    let task = try SeriesTask(
      path: file.path, column: "v", holdout: 5, reading: CSVReading(missing: .mask))
    #expect(task.values[3] == 2 && !task.isTarget[3] && task.notices.count == 1)
    let training: [Double] = (1..<10).map { $0 == 3 ? 0 : 1 }
    #expect(task.filled(rows: 1).row(0).lossMask == training)
    let validation: [Double] = (1..<15).map { $0 < 10 || $0 == 11 ? 0 : 1 }
    #expect(task.filled(.validation, rows: 1).row(0).lossMask == validation)
    let test: [Double] = (1..<20).map { $0 < 15 || $0 == 17 ? 0 : 1 }
    #expect(task.filled(.test, rows: 1).row(0).lossMask == test)
    let known = (0..<10).filter { $0 != 3 }.map { Double($0 % 4) }
    #expect(task.scaling == SeriesScaling(known[...]))
    // Errors of persistence at 15, 16, 18 and 19: 1, −3, 2 (17 is taken to be 0, as 16 is) and 1.
    #expect(task.baselines.persistence == 15.0 / 4)
    // At 10, 12, 13 and 14: 1, −2 (11 is taken to be 2, as 10 is), 1 and 1.
    #expect(task.baselines(in: .validation)[0].persistence == 7.0 / 4)
    let fitted = AR2Model(
      fitting: task.values[..<10], isKnown: task.isTarget[..<10])
    for split in Split.allCases { #expect(task.baselines(in: split)[0].ar2Model == fitted) }
  }

  /// What is fitted knows neither what was made up nor what is held out.
  @Test(arguments: [MissingValues.previous, .interpolate, .mask])
  func whatIsMadeUpScalesNothing(missing: MissingValues) throws {
    func task(_ texts: [String], split: DataSplit? = nil) throws -> SeriesTask {
      let file = try TemporaryFile("v\n" + texts.map { $0 + "\n" }.joined(), extension: "csv")
      return try SeriesTask(
        path: file.path, column: "v", holdout: 5, reading: CSVReading(missing: missing),
        split: split)
    }
    let texts = (0..<20).map { [3, 4, 17].contains($0) ? "NA" : "\(($0 * $0) % 7)" }
    let known = (0..<10).filter { ![3, 4].contains($0) }.map { Double(($0 * $0) % 7) }
    let one = try task(texts)
    #expect(one.scaling == SeriesScaling(known[...]))
    #expect(one.inputs[0].isKnown == (0..<20).map { ![3, 4, 17].contains($0) })
    let isKnown = one.inputs[0].isKnown[..<10]
    #expect(one.baselines.ar2Model == AR2Model(fitting: one.values[..<10], isKnown: isKnown))
    // Other values after the training part change nothing in it; nor do those beyond a recorded split.
    let other = try task(Array(texts[..<10]) + (0..<10).map { "\($0 * 100)" })
    #expect(one.filled(.train, rows: 2).allRows == other.filled(.train, rows: 2).allRows)
    let grown = try task(texts + ["NA", "900"], split: one.dataSplit)
    #expect(grown.filled(.test, rows: 1).allRows == one.filled(.test, rows: 1).allRows)
    #expect(grown.scaling == one.scaling && grown.baselines == one.baselines)
  }

  /// Values from 10 on are for validation, from 15 on for the test.
  @Test(arguments: [(9, 11), (14, 16), (19, 21)])
  func aGapAtTheEndOfAPartIsNotFilledFromTheNext(missing: Int, line: Int) throws {
    let texts = (0..<20).map { $0 == missing ? "NA" : "\($0)" }
    let file = try TemporaryFile("v\n" + texts.map { $0 + "\n" }.joined(), extension: "csv")
    func values(_ policy: MissingValues) throws -> [Double] {
      try SeriesTask(
        path: file.path, column: "v", holdout: 5, reading: CSVReading(missing: policy)
      ).values
    }
    let problem: FileProblem =
      missing == 19
      ? .unfilledValue(column: "v", text: "NA", policy: .interpolate)
      : .unfilledPartEnd(column: "v", text: "NA")
    #expect(throws: FileError.malformed(path: file.path, line: line, problem)) {
      try values(.interpolate)
    }
    #expect(try values(.previous)[missing] == Double(missing - 1))
    #expect(try values(.mask)[missing] == Double(missing - 1))
  }

  /// Under mask the first known value stands in for those before it, unless it is of a later part.
  @Test func aColumnWithoutAValueInTheTrainingPartIsRefused() throws {
    let rows = (0..<20).map { "\($0 % 3),\($0 < 12 ? "NA" : "5")\n" }
    let file = try TemporaryFile("a,b\n" + rows.joined(), extension: "csv")
    let scaling = SeriesScaling(mean: 0, deviation: 1).map {
      SeriesScalings.Column(name: "", scaling: $0)
    }
    let scalings = try SeriesScalings(
      inputs: Array(repeating: #require(scaling), count: 2), targets: [#require(scaling)])
    for scalings in [nil, scalings] {
      #expect(throws: TaskError.nothingKnown(path: file.path, columns: ["b"], part: .train)) {
        try SeriesTask(
          path: file.path, columns: ["a", "b"], targets: ["a"], holdout: 5, scalings: scalings,
          reading: CSVReading(missing: .mask))
      }
    }
  }

  /// Each part has values that count, and training more than the first, which is no target.
  @Test(
    arguments: [
      (Split.train, ["1"] + Array(repeating: "NA", count: 7) + ["1", "2", "1", "2"]),
      (.validation, Array(repeating: "1", count: 8) + ["NA", "NA", "1", "2"]),
      (.test, Array(repeating: "1", count: 8) + ["1", "2", "NA", "NA"]),
    ])
  func aPartWithoutKnownValuesIsRefused(part: Split, texts: [String]) throws {
    let file = try TemporaryFile("v\n" + texts.map { $0 + "\n" }.joined(), extension: "csv")
    #expect(throws: TaskError.nothingKnown(path: file.path, columns: ["v"], part: part)) {
      try SeriesTask(
        path: file.path, column: "v", holdout: 2, reading: CSVReading(missing: .mask))
    }
  }

  /// The state runs on through training and validation into the test, which is why each is one row from
  /// the series' beginning.
  @Test func eachPartWeighsItsOwnTargetsAlone() throws {
    let file = try Self.file((0..<25).map { Double(($0 * 7) % 11) })
    let task = try SeriesTask(path: file.path, column: "v", holdout: 3)
    #expect(task.layout(of: .test, trainingRows: 8) == (rows: 1, sequences: 1))
    #expect(task.timeSteps(in: .test, rows: 1) == 24)
    let whole = task.filled(.test, rows: 1).row(0)
    #expect(whole.inputs == task.values.dropLast().map { [task.scaling.scaled($0)] })
    #expect(whole.targets == task.values.dropFirst().map { [task.scaling.scaled($0)] })
    #expect(whole.lossMask == (0..<24).map { $0 < 21 ? 0 : 1 })
    #expect(task.filled(.test, rows: 1, step: 20, steps: 6).row(0).lossMask == [0, 1, 1, 1, 0, 0])
    #expect(task.layout(of: .validation, trainingRows: 8) == (rows: 1, sequences: 1))
    #expect(task.timeSteps(in: .validation, rows: 1) == 21)
    let validation = task.filled(.validation, rows: 1).row(0)
    #expect(validation.inputs == Array(whole.inputs[..<21]))
    #expect(validation.lossMask == (0..<21).map { $0 < 18 ? 0 : 1 })
  }

  /// Persistence is the model whose output is its input.
  @Test(arguments: [Split.validation, .test])
  func baselineIsPersistenceOnThePart(split: Split) throws {
    let file = try Self.file((0..<40).map { sin(Double($0)) * 1e3 + 7 })
    let task = try SeriesTask(path: file.path, column: "1", holdout: 9)
    let row = task.filled(split, rows: 1).row(0)
    var (sum, weight) = (0.0, 0.0)
    for step in row.lossMask.indices {
      let error = row.inputs[step][0] - row.targets[step][0]
      sum += row.lossMask[step] * error * error
      weight += row.lossMask[step]
    }
    #expect(weight == 9 && abs(sum / weight / task.baselineLoss(in: split) - 1) < 1e-12)
  }

  @Test func takesAModelsScaling() throws {
    let file = try Self.file([1, 2, 3, 4, 5, 6, 7, 8])
    let scaling = try SeriesScaling(decoding: #"{"mean": 1, "deviation": 0.5}"#)
    let task = try SeriesTask(path: file.path, column: "v", scaling: scaling)
    #expect(task.filled(rows: 1, steps: 2).row(0).inputs == [[0], [2]])
    #expect(task.baselineLoss == 4)
  }

  @Test func aConstantSeriesIsAllowed() throws {
    let file = try Self.file(Array(repeating: 3.3, count: 12))
    let task = try SeriesTask(path: file.path, column: "v")
    #expect(task.baselineLoss == 0 && task.baselines.ar2 < 1e-28)
    #expect(task.filled(.test, rows: 1).inputs.values.allSatisfy { $0 == 0 })
  }

  @Test(arguments: [Int.min, -1, 0, 4, Int.max])
  func refusesHoldout(holdout: Int) throws {
    let file = try Self.file((0..<12).map(Double.init))
    #expect(
      throws: TaskError.holdoutOutOfRange(path: file.path, holdout: holdout, accepted: 1...3)
    ) { try SeriesTask(path: file.path, column: "v", holdout: holdout) }
  }

  @Test func refusesTooFewOrTooLargeValues() throws {
    for count in 0..<7 {
      let file = try TemporaryFile("v\n" + String(repeating: "1\n", count: count))
      #expect(
        throws: TaskError.tooShort(path: file.path, count: count, needed: 7)
      ) { try SeriesTask(path: file.path, column: "v") }
    }
    let huge = try Self.file([1e300, -1e300, 1e300, 0, 5, 6, 7, 8])
    #expect(throws: TaskError.notScalable(path: huge.path, column: "v")) {
      try SeriesTask(path: huge.path, column: "v")
    }
  }

  @Test func refusesAColumnThatIsNotThereOrNotNumbers() throws {
    let file = try TemporaryFile("a,b\n1,2\n3,x\n5,6\n")
    #expect(
      throws: FileError.malformed(
        path: file.path, line: nil, .missingColumn("c", present: ["a", "b"]))
    ) { try SeriesTask(path: file.path, column: "c") }
    #expect(
      throws: FileError.malformed(
        path: file.path, line: 3, .notANumber(column: "b", text: "x"))
    ) { try SeriesTask(path: file.path, column: "b") }
  }
}
