import Testing
import UnrollDenseMath
import UnrollRecurrentCells
import UnrollSequenceTasks

/// What every row of the table must keep to.
struct AllTasksTests {
  static let names = TaskTable.all.map(\.name)
  static let generated = TaskTable.all.filter { $0.options.contains(.testSequences) }.map(\.name)

  @Test(arguments: names)
  func rowsAreTheSameHoweverTheyAreSplit(name: String) throws {
    let sample = try SampleTask(name)
    for split in Split.allCases {
      #expect(sample.task.has(split))
      let rows = split == .train ? 7 : sample.task.layout(of: split, trainingRows: 7).rows
      let whole = sample.task.filled(split, sequence: 0, rows: rows, step: 0).allRows
      for cut in 1..<max(rows, 2) {
        let first = sample.task.filled(split, rows: cut, of: rows).allRows
        let second =
          cut < rows
          ? sample.task.filled(split, sequence: cut, rows: rows - cut, of: rows).allRows : []
        #expect(first + second == whole, "\(split), rows 0..<\(cut) and the rest")
      }
    }
  }

  @Test(arguments: names)
  func fillingTwiceGivesTheSame(name: String) throws {
    let task = try SampleTask(name).task
    let first = task.filled(sequence: 5, rows: 2, of: 7).allRows
    _ = task.filled(sequence: 1, rows: 1, of: 7)
    #expect(task.filled(sequence: 5, rows: 2, of: 7).allRows == first)
  }

  @Test(arguments: names)
  func thePartsDiffer(name: String) throws {
    let task = try SampleTask(name).task
    let rows = Split.allCases.map { task.filled($0, rows: 1).row(0) }
    #expect(rows[0] != rows[1] && rows[1] != rows[2] && rows[2] != rows[0])
  }

  /// Training data and the first held-out sequences are those of versions that knew two parts.
  @Test func trainingAndValidationKeepTheirSeeds() {
    #expect(Split.train.rawValue == 0 && Split.validation.rawValue == 1 && Split.test.rawValue == 2)
  }

  @Test(arguments: generated)
  func generatedPartsHaveTheirSizes(name: String) throws {
    let entry = try TaskTable.entry(named: name)
    let usual = try entry.make(TaskOptions(length: 20))
    #expect(usual.sequenceCount(in: .train) == nil)
    #expect(usual.layout(of: .validation, trainingRows: 7) == (7, 1000))
    #expect(usual.layout(of: .test, trainingRows: 7) == (7, 1000))
    let other = try entry.make(
      TaskOptions(length: 20, heldOut: HeldOutCounts(validation: 3, test: 50)))
    #expect(other.layout(of: .validation, trainingRows: 7) == (3, 3))
    #expect(other.layout(of: .test, trainingRows: 7) == (7, 50))
  }

  @Test(arguments: generated)
  func seedsAndNumbersNameSequences(name: String) throws {
    let entry = try TaskTable.entry(named: name)
    let one = try entry.make(TaskOptions(length: 20, seed: 1)).filled(rows: 3).allRows
    let other = try entry.make(TaskOptions(length: 20, seed: 2)).filled(rows: 3).allRows
    #expect(one[0] != other[0] && one[0] != one[1])
    let later = try entry.make(TaskOptions(length: 20, seed: 1)).filled(sequence: 2, rows: 1)
    #expect(later.row(0) == one[2])
  }

  @Test(arguments: names)
  func classesAreInRangeAndWeightsZeroOrOne(name: String) throws {
    let task = try SampleTask(name).task
    for split in Split.allCases {
      let rows = split == .train ? 7 : task.layout(of: split, trainingRows: 7).rows
      let batch = task.filled(split, rows: rows)
      #expect(batch.lossMask.values.allSatisfy { $0 == 0 || $0 == 1 })
      #expect(batch.lossMask.values.contains(1))
      #expect(batch.inputClasses.allSatisfy { (0..<Int32(task.input.width)).contains($0) })
      #expect(batch.targetClasses.allSatisfy { (0..<Int32(task.target.width)).contains($0) })
      #expect(batch.inputs.isFinite && batch.targets.isFinite)
    }
  }

  /// Targets may be an ulp off: `adding` sums two numbers that were rounded before.
  @Test(arguments: names)
  func singlePrecisionIsTheSameRounded(name: String) throws {
    let task = try SampleTask(name).task
    let double = task.filled(rows: 7)
    let float = Batch<Float>(double.shape)
    task.fill(
      float, from: BatchLocation(split: .train, sequence: 0, rows: 7, isForTraining: true))
    #expect(float.inputs.elements == double.inputs.elements.map(Float.init))
    #expect(float.targets.count == double.targets.count)
    for (single, exact) in zip(float.targets.elements, double.targets.elements) {
      #expect(abs(single - Float(exact)) <= single.ulp)
    }
    #expect(float.lossMask.elements == double.lossMask.elements.map(Float.init))
    #expect(float.inputClasses == double.inputClasses)
    #expect(float.targetClasses == double.targetClasses)
  }
}

/// A small instance of a task, with the file behind it.
private struct SampleTask {
  let task: any SequenceTask
  private let file: TemporaryFile?

  init(_ name: String) throws {
    var options = TaskOptions(length: 21, seed: 9, rows: 7, column: "v")
    switch name {
    case "text":
      let file = try TemporaryFile(
        (0..<300).map { "\($0) naïve ½ → \($0 * $0)\n" }.joined())
      (self.file, options.file) = (file, file.path)
    case "series":
      let values = (0..<90).map { "\(Double(($0 * 37) % 11) / 4)\n" }.joined()
      let file = try TemporaryFile("v\n" + values, extension: "csv")
      (self.file, options.file) = (file, file.path)
    case "arrays":
      let file = try TemporaryFile { writer in
        writer.append("x", shape: [6, 9, 2], (0..<108).map { Double($0) / 3 })
        writer.append("y", shape: [9], (0..<9).map { $0 == 4 ? -100 : $0 % 4 })
        writer.append("lengths", shape: [9], [6, 3, 5, 6, 2, 4, 6, 6, 3])
      }
      (self.file, options.inputs, options.shuffle) = (file, file.path, true)
      (options.validation, options.test) = (.end(.count(2)), .end(.share(0.34)))
    default:
      file = nil
    }
    task = try TaskTable.entry(named: name).make(options)
  }
}
