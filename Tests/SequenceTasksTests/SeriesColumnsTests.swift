import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollSequenceTasks

/// Series of which several columns are read or predicted.
struct SeriesColumnsTests {
  private static let a = (0..<40).map { Double(($0 * 7) % 11) }
  private static let b = (0..<40).map { 100 + sin(Double($0)) * 20 }
  private static let c = (0..<40).map { Double($0 % 3) - 1e3 }

  private static func file(_ change: (Int, [String]) -> [String] = { $1 }) throws -> TemporaryFile {
    let rows = (0..<40).map { change($0, ["\(a[$0])", "\(b[$0])", "\(c[$0])"]) }
    return try TemporaryFile(
      "a,b,c\n" + rows.map { $0.joined(separator: ",") + "\n" }.joined(), extension: "csv")
  }

  /// Each column is scaled by its own training part; a target by the scaling of the input it is.
  @Test func inputsAndTargetsAreScaledColumns() throws {
    let file = try Self.file()
    let task = try SeriesTask(path: file.path, columns: ["c", "a", "2"], targets: ["b", "c"])
    #expect(task.input == .values(3) && task.target == .values(2))
    #expect(task.inputs.map(\.name) == ["c", "a", "b"] && task.targets.map(\.name) == ["b", "c"])
    for (column, values) in zip(task.inputs, [Self.c, Self.a, Self.b]) {
      #expect(column.values == values && column.scaling == SeriesScaling(values[..<24]))
    }
    let batch = task.filled(rows: 2, step: 3, steps: 4)
    for row in 0..<2 {
      // Of 24 values each row has 11 steps.
      let start = row * 11 + 3
      let got = batch.row(row)
      #expect(
        got.inputs
          == (start..<start + 4).map { place in
            task.inputs.map { $0.scaling.scaled($0.values[place]) }
          })
      #expect(
        got.targets
          == (start + 1..<start + 5).map { place in
            task.targets.map { $0.scaling.scaled($0.values[place]) }
          })
      #expect(got.lossMask == [1, 1, 1, 1])
    }
  }

  @Test func allThatIsReadIsPredictedUnlessSaidOtherwise() throws {
    let file = try Self.file()
    let both = try SeriesTask(path: file.path, columns: ["a", "b"])
    #expect(both.targets.map(\.name) == ["a", "b"] && both.feedback == [0, 1])
    let swapped = try SeriesTask(path: file.path, columns: ["a", "b"], targets: ["b", "a"])
    #expect(swapped.feedback == [1, 0] && swapped.columnWithoutFeedback == nil)
    let one = try SeriesTask(path: file.path, columns: ["a", "b"], targets: ["a"])
    #expect(one.feedback == nil && one.columnWithoutFeedback == "b")
    let other = try SeriesTask(path: file.path, columns: ["a"], targets: ["c"])
    #expect(other.feedback == nil && other.columnWithoutFeedback == "a")
  }

  /// Persistence and AR(2) are those of the columns alone; the baseline is the mean in scaled units.
  @Test func baselinesAreEachTargets() throws {
    let file = try Self.file()
    let task = try SeriesTask(path: file.path, columns: ["a", "b"], targets: ["b", "c"])
    let single = try ["b", "c"].map { try SeriesTask(path: file.path, column: $0) }
    for split in Split.allCases {
      #expect(task.baselines(in: split) == single.map { $0.baselines(in: split)[0] })
      let mean = single.map { $0.baselineLoss(in: split) }.reduce(0, +) / 2
      #expect(abs(task.baselineLoss(in: split) / mean - 1) < 1e-15)
    }
    #expect(task.results(loss: 1, in: .test).isEmpty)
    // Persistence as a prediction has persistence's errors.
    let errors = task.squaredErrors(of: task.targets.map(\.values), in: .test)
    for (error, baselines) in zip(errors, task.baselines(in: .test)) {
      #expect(abs(error / baselines.persistence - 1) < 1e-15)
    }
  }

  /// A step counts where all targets are known; a column that is read alone masks nothing.
  @Test func aStepCountsWhereAllTargetsAreKnown() throws {
    let file = try Self.file { row, fields in
      [5, 33].contains(row)
        ? ["NA", fields[1], fields[2]] : row == 8 ? [fields[0], "?", fields[2]] : fields
    }
    let reading = CSVReading(missing: .mask)
    let task = try SeriesTask(path: file.path, columns: ["a", "b"], reading: reading)
    #expect(task.isTarget == (0..<40).map { ![5, 8, 33].contains($0) })
    #expect(task.notices.count == 2)
    let training = task.filled(rows: 1).row(0).lossMask
    #expect(training == (1..<24).map { [5, 8].contains($0) ? 0 : 1 })
    let test = task.filled(.test, rows: 1).row(0).lossMask
    #expect(test == (1..<40).map { $0 < 32 || $0 == 33 ? 0 : 1 })
    let known = (0..<24).filter { $0 != 5 }.map { Self.a[$0] }
    #expect(task.inputs[0].scaling == SeriesScaling(known[...]))
    let onlyB = try SeriesTask(
      path: file.path, columns: ["a", "b"], targets: ["b"], reading: reading)
    #expect(onlyB.isTarget == (0..<40).map { $0 != 8 })
    // In place of a missing input the value before is read.
    #expect(onlyB.inputs[0].values[5] == Self.a[4] && !onlyB.inputs[0].isKnown[5])
    // AR(2) is fitted to what the column itself has.
    let alone = try SeriesTask(path: file.path, column: "b", reading: reading)
    #expect(task.baselines(in: .test)[1].ar2Model == alone.baselines.ar2Model)
  }

  @Test func targetsThatAreNeverKnownTogetherAreRefused() throws {
    let file = try Self.file { row, fields in
      row < 24 ? fields : row % 2 == 0 ? ["", fields[1], fields[2]] : [fields[0], "", fields[2]]
    }
    let error = TaskError.nothingKnown(path: file.path, columns: ["a", "b"], part: .validation)
    #expect(throws: error) {
      try SeriesTask(path: file.path, columns: ["a", "b"], reading: CSVReading(missing: .mask))
    }
  }

  /// What two rows leave over behind them is not trained on.
  @Test func rowsNeedAKnownTarget() throws {
    let texts = Array(repeating: "NA", count: 9) + Array(repeating: "1", count: 5)
    let file = try TemporaryFile(
      "v\n" + (["2"] + texts).map { $0 + "\n" }.joined(), extension: "csv")
    let task = try SeriesTask(
      path: file.path, column: "v", holdout: 2, reading: CSVReading(missing: .mask))
    #expect(task.firstValidation == 11)
    #expect(throws: Never.self) { try task.requireData(forRows: 1) }
    #expect(throws: TaskError.nothingKnown(path: file.path, columns: ["v"], part: .train)) {
      try task.requireData(forRows: 3)
    }
  }

  @Test func eachColumnIsNamedOnce() throws {
    let file = try Self.file()
    #expect(throws: TaskError.repeatedColumn(path: file.path, column: "b")) {
      try SeriesTask(path: file.path, columns: ["a", "b", "2"])
    }
    #expect(throws: TaskError.repeatedColumn(path: file.path, column: "a")) {
      try SeriesTask(path: file.path, columns: ["a"], targets: ["1", "a"])
    }
  }

  @Test func aModelsScalingsAreTakenByPlace() throws {
    let file = try Self.file()
    let scalings = try SeriesTask(path: file.path, columns: ["a", "b"], targets: ["b"]).scalings
    #expect(try SeriesScalings(decoding: scalings.encoded) == scalings)
    let same = try SeriesTask(
      path: file.path, columns: ["a", "b"], targets: ["b"], holdout: 3, scalings: scalings)
    #expect(same.scalings == scalings && same.notices.isEmpty)
    let other = try SeriesTask(
      path: file.path, columns: ["c", "b"], targets: ["b"], scalings: scalings)
    #expect(other.inputs[0].scaling == scalings.inputs[0].scaling)
    #expect(other.notices.count == 1 && other.notices[0].contains("'c' stands in the place"))
    let error = TaskError.otherColumns(
      path: file.path, inputs: 1, targets: 1, neededInputs: 2, neededTargets: 1)
    #expect(throws: error) {
      try SeriesTask(path: file.path, columns: ["a"], scalings: scalings)
    }
  }

  // MARK: Text forms

  /// A model of one column keeps what models of earlier versions keep.
  @Test func scalingsOfOneColumnAreEncodedAsBefore() throws {
    let scaling = try #require(SeriesScaling(mean: 1, deviation: 0.5))
    let scalings = SeriesScalings(scaling)
    #expect(scalings.encoded == scaling.encoded)
    #expect(try SeriesScalings(decoding: #"{"mean": 1, "deviation": 0.5}"#) == scalings)
  }

  @Test(arguments: [
    "", "[]", "{}", #"{"inputs": [], "targets": []}"#,
    #"{"inputs": [{"column": "a", "mean": 1, "deviation": 2}]}"#,
    #"{"inputs": [{"column": "a", "mean": 1, "deviation": 2}], "targets": []}"#,
    #"{"inputs": [{"column": "a", "mean": 1, "deviation": 0}], "targets": [{"column": "a", "mean": 1, "deviation": 2}]}"#,
    #"{"inputs": [{"mean": 1, "deviation": 2}], "targets": [{"column": "a", "mean": 1, "deviation": 2}]}"#,
  ])
  func refusesScalingsItDidNotWrite(text: String) {
    #expect(throws: FileProblem.self) { try SeriesScalings(decoding: text) }
  }

  @Test(
    arguments: [
      ("a", ["a"]), ("a,b , c", ["a", "b", "c"]), ("\"a, b\",c", ["a, b", "c"]),
      ("a, \"b\"\"c\" ,2", ["a", "b\"c", "2"]), ("5\" pipe,b", ["5\" pipe", "b"]),
      ("\" a\"", [" a"]), ("", nil), ("a,", nil), (",a", nil), ("a,,b", nil), ("\"a", nil),
      ("\"a\"b", nil), ("\"\"", nil),
    ] as [(String, [String]?)])
  func listsOfColumnsAreCSV(text: String, names: [String]?) {
    #expect(SeriesColumnNames.list(text) == names)
  }

  @Test func optionsNameColumns() throws {
    func names(
      _ column: String?, _ columns: String?, _ target: String?
    ) throws(TaskError) -> [[String]] {
      let names = try SeriesColumnNames(
        TaskOptions(column: column, columns: columns, target: target))
      return [names.read, names.predicted]
    }
    // One column is a name as it stands, commas and all.
    #expect(try names("a,b", nil, nil) == [["a,b"], ["a,b"]])
    #expect(try names(nil, "a,b", nil) == [["a", "b"], ["a", "b"]])
    #expect(try names(nil, "a,b", "b") == [["a", "b"], ["b"]])
    #expect(throws: TaskError.columnAndList(list: .columns)) { try names("a", "b", nil) }
    #expect(throws: TaskError.columnAndList(list: .target)) { try names("a", nil, "a") }
    #expect(throws: TaskError.missingOption(task: "series", option: .column)) {
      try names(nil, nil, "a")
    }
    #expect(throws: TaskError.columnList(option: .columns, text: "a,")) {
      try names(nil, "a,", nil)
    }
    #expect(throws: TaskError.columnList(option: .target, text: "")) { try names(nil, "a", "") }
  }
}
