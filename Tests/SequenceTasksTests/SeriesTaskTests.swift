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
    let task = try SeriesTask(path: Self.sunspots, column: "sunspots", holdout: 60)
    #expect(task.values.count == 309 && task.firstHeldOut == 249)
    let baselines = task.baselines
    #expect(abs(baselines.ar2 / 512.792558 - 1) < 1e-6)
    #expect(abs(baselines.persistence / 1082.280667 - 1) < 1e-6)
    #expect(abs(baselines.ar2Model.intercept / 14.240752 - 1) < 1e-6)
    #expect(abs(baselines.ar2Model.coefficients.first / 1.375325773 - 1) < 1e-6)
    #expect(abs(baselines.ar2Model.coefficients.second / -0.694495113 - 1) < 1e-6)
    let unscaled = task.scaling.unscaled(loss: task.baselineLoss)
    #expect(abs(unscaled / baselines.persistence - 1) < 1e-12)
  }

  @Test func rowsAreStretchesOfTheScaledTrainingPart() throws {
    let values = (0..<25).map { Double(($0 * 7) % 11) }
    let file = try Self.file(values)
    let task = try SeriesTask(path: file.path, column: "v")
    #expect(task.firstHeldOut == 20)
    let scaled = values.map(task.scaling.scaled)
    let (sum, squares) = scaled[..<20].reduce((0, 0)) { ($0.0 + $1, $0.1 + $1 * $1) }
    #expect(abs(sum) < 1e-12 && abs(squares / 20 - 1) < 1e-12)
    #expect(task.timeSteps(in: .train, rows: 3) == 6)
    let batch = task.filled(rows: 3, step: 4, steps: 3)
    for row in 0..<3 {
      let start = row * 6 + 4
      let got = batch.row(row)
      #expect(got.inputs == [[scaled[start]], [scaled[start + 1]], [0]])
      #expect(got.targets == [[scaled[start + 1]], [scaled[start + 2]], [0]])
      #expect(got.lossMask == [1, 1, 0])
    }
    #expect(task.filled(rows: 3, step: .max, steps: 2).row(0).lossMask == [0, 0])
  }

  @Test func maskedValuesAreNoTargetsAndScaleNothing() throws {
    let texts = (0..<20).map { [3, 11, 17].contains($0) ? "NA" : "\($0 % 4)" }
    let file = try TemporaryFile("v\n" + texts.map { $0 + "\n" }.joined(), extension: "csv")
    let task = try SeriesTask(
      path: file.path, column: "v", holdout: 5, reading: CSVReading(missing: .mask))
    #expect(task.values[3] == 2 && !task.isTarget[3] && task.notices.count == 1)
    let training: [Double] = (1..<15).map { [3, 11].contains($0) ? 0 : 1 }
    #expect(task.filled(rows: 1).row(0).lossMask == training)
    let test: [Double] = (1..<20).map { $0 < 15 || $0 == 17 ? 0 : 1 }
    #expect(task.filled(.test, rows: 1).row(0).lossMask == test)
    let known = (0..<15).filter { ![3, 11].contains($0) }.map { Double($0 % 4) }
    #expect(task.scaling == SeriesScaling(known[...]))
    // Errors of persistence at 15, 16, 18 and 19: 1, −3, 2 (17 is taken to be 0, as 16 is) and 1.
    #expect(task.baselines.persistence == 15.0 / 4)
  }

  @Test func aTestWithoutValuesIsRefused() throws {
    let text = "v\n" + String(repeating: "1\n2\n", count: 5) + "NA\nNA\n"
    let file = try TemporaryFile(text, extension: "csv")
    let error = TaskError.nothingToTest(path: file.path, column: "v")
    #expect(throws: error) {
      try SeriesTask(
        path: file.path, column: "v", holdout: 2, reading: CSVReading(missing: .mask))
    }
  }

  @Test func theTestWeighsHeldOutTargetsAlone() throws {
    let file = try Self.file((0..<25).map { Double(($0 * 7) % 11) })
    let task = try SeriesTask(path: file.path, column: "v", holdout: 3)
    #expect(task.testLayout(trainingRows: 8) == (rows: 1, sequences: 1))
    #expect(task.timeSteps(in: .test, rows: 1) == 24)
    let whole = task.filled(.test, rows: 1).row(0)
    #expect(whole.inputs == task.values.dropLast().map { [task.scaling.scaled($0)] })
    #expect(whole.targets == task.values.dropFirst().map { [task.scaling.scaled($0)] })
    #expect(whole.lossMask == (0..<24).map { $0 < 21 ? 0 : 1 })
    #expect(task.filled(.test, rows: 1, step: 20, steps: 6).row(0).lossMask == [0, 1, 1, 1, 0, 0])
  }

  /// Persistence is the model whose output is its input.
  @Test func baselineIsPersistenceOnTheTest() throws {
    let file = try Self.file((0..<40).map { sin(Double($0)) * 1e3 + 7 })
    let task = try SeriesTask(path: file.path, column: "1", holdout: 9)
    let row = task.filled(.test, rows: 1).row(0)
    var (sum, weight) = (0.0, 0.0)
    for step in row.lossMask.indices {
      let error = row.inputs[step][0] - row.targets[step][0]
      sum += row.lossMask[step] * error * error
      weight += row.lossMask[step]
    }
    #expect(weight == 9 && abs(sum / weight / task.baselineLoss - 1) < 1e-12)
  }

  @Test func takesAModelsScaling() throws {
    let file = try Self.file([1, 2, 3, 4, 5, 6, 7])
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

  @Test(arguments: [Int.min, -1, 0, 8, Int.max])
  func refusesHoldout(holdout: Int) throws {
    let file = try Self.file((0..<12).map(Double.init))
    #expect(
      throws: TaskError.holdoutOutOfRange(path: file.path, holdout: holdout, accepted: 1...7)
    ) { try SeriesTask(path: file.path, column: "v", holdout: holdout) }
  }

  @Test func refusesTooFewOrTooLargeValues() throws {
    for count in 0..<6 {
      let file = try TemporaryFile("v\n" + String(repeating: "1\n", count: count))
      #expect(
        throws: TaskError.tooFewData(path: file.path, count: max(count - 1, 0), needed: 5)
      ) { try SeriesTask(path: file.path, column: "v") }
    }
    let huge = try Self.file([1e300, -1e300, 1e300, 0, 5, 6, 7])
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
