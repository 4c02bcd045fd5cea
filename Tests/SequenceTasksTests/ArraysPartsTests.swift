import Foundation
import Testing
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollSequenceTasks

/// What of sequences is trained on, and what is held out of them or read from files of their own.
struct ArraysPartsTests {
  /// Ten sequences of two steps of one number; sequence n has n at both, and n % 3 as its class.
  private static func file(
    count: Int = 10, steps: Int = 2, width: Int = 1, classes: Int = 3, from first: Int = 0
  ) throws -> TemporaryFile {
    try TemporaryFile { writer in
      let numbers = (0..<steps).flatMap { _ in
        (0..<count).flatMap { n in Array(repeating: Double(first + n), count: width) }
      }
      writer.append("x", shape: [steps, count, width], numbers)
      writer.append("y", shape: [count], (0..<count).map { $0 % classes })
    }
  }

  private func sequences(_ task: ArraysTask, _ split: Split) -> [Double] {
    let count = task.sequenceCount(in: split) ?? 0
    guard count > 0 else { return [] }
    return task.filled(split, rows: count, isForTraining: false).allRows.map { $0.inputs[0][0] }
  }

  @Test func withoutPartsNothingIsHeldOut() throws {
    let file = try Self.file()
    let task = try ArraysTask(path: file.path, seed: 1)
    #expect(!task.has(.validation) && !task.has(.test))
    #expect(task.selectionSplit == .train && task.measuredSplit == .train)
    #expect(sequences(task, .train) == (0..<10).map(Double.init))
  }

  @Test(arguments: [
    (HeldOutPart.end(.count(2)), HeldOutPart?.some(.end(.share(0.3))), 5, 2, 3),
    (.end(.share(0.2)), nil, 8, 2, 0), (.end(.count(1)), .end(.count(8)), 1, 1, 8),
  ])
  func theTestIsLastAndValidationBeforeIt(
    validation: HeldOutPart, test: HeldOutPart?, trained: Int, validated: Int, tested: Int
  ) throws {
    let file = try Self.file()
    let task = try ArraysTask(
      path: file.path, validation: validation, test: test, shuffle: true, seed: 3)
    let parts = Split.allCases.map { sequences(task, $0) }
    #expect(parts.flatMap(\.self) == (0..<10).map(Double.init))
    #expect(parts.map(\.count) == [trained, validated, tested])
    // Training wraps around in its own part.
    let passes = task.filled(rows: 3 * trained).allRows.map { $0.inputs[0][0] }
    #expect(Set(passes) == Set(parts[0]))
  }

  /// Files of their own may have another length, and more classes than the training file.
  @Test func partsMayBeFiles() throws {
    let training = try Self.file()
    let validation = try Self.file(count: 4, steps: 5, classes: 4, from: 100)
    let test = try Self.file(count: 6, steps: 1, from: 200)
    let task = try ArraysTask(
      path: training.path, validation: .file(validation.path), test: .file(test.path), seed: 1)
    #expect(sequences(task, .train) == (0..<10).map(Double.init))
    #expect(sequences(task, .validation) == (100..<104).map(Double.init))
    #expect(sequences(task, .test) == (200..<206).map(Double.init))
    #expect(Split.allCases.map { task.timeSteps(in: $0, rows: 1) } == [2, 5, 1])
    #expect(task.supervision(in: .validation, steps: 5).supervised == 4..<5)
    #expect(task.target == .classes(4))
    #expect(task.filled(.validation, rows: 4).targetClasses == [0, 1, 2, 3])
  }

  @Test func arraysInMemoryAreCutTheSame() throws {
    let task = try ArraysTask(
      inputs: ShapedArray(shape: [1, 5, 1], [0, 1, 2, 3, 4]),
      targets: .values(ShapedArray(shape: [5, 1], [1, 3, 8, 0, 2])), validation: .count(1),
      test: .share(0.4))
    #expect(sequences(task, .train) == [0, 1])
    #expect(sequences(task, .validation) == [2] && sequences(task, .test) == [3, 4])
    // The training part's mean target is 2.
    #expect(task.baselineLoss(in: .train) == 1)
    #expect(task.baselineLoss(in: .validation) == 36)
    #expect(task.baselineLoss(in: .test) == 2 && task.baselineLoss == 2)
  }

  /// Classes count once more on other sequences than the training's, since one may be new there.
  @Test func theBaselineIsOfTheTrainingPartsFrequencies() throws {
    let task = try ArraysTask(
      inputs: ShapedArray(shape: [1, 6, 1], [0, 0, 0, 0, 0, 0]),
      targets: .classes(ShapedArray(shape: [6], [0, 0, 0, 1, 2, 0])), test: .count(2))
    let entropy = -(0.75 * log(0.75) + 0.25 * log(0.25))
    #expect(abs(task.baselineLoss(in: .train) - entropy) < 1e-15)
    #expect(abs(task.baselineLoss(in: .test) + (log(1.0 / 7) + log(4.0 / 7)) / 2) < 1e-15)
  }

  private func problem(
    of file: TemporaryFile, validation: HeldOutPart? = nil, test: HeldOutPart? = nil
  ) throws -> (path: String, TaskError.ArraysProblem)? {
    do {
      _ = try ArraysTask(path: file.path, validation: validation, test: test, seed: 1)
      return nil
    } catch TaskError.arrays(let path, let problem) {
      return (path, problem)
    }
  }

  @Test func everyPartNeedsASequence() throws {
    let file = try Self.file()
    #expect(
      try problem(of: file, test: .end(.share(0.05)))?.1
        == .partTooSmall(.test, count: 0, of: 10))
    #expect(
      try problem(of: file, validation: .end(.count(6)), test: .end(.count(4)))?.1
        == .partTooSmall(.train, count: 0, of: 10))
    #expect(
      try problem(of: file, validation: .end(.count(1_000_000_000)))?.1
        == .partTooSmall(.train, count: 0, of: 10))
  }

  @Test func everyPartNeedsATarget() throws {
    for (targets, part) in [
      ([0, 1, -100], Split.test), ([0, -100, 1], .validation), ([-100, 0, 1], .train),
    ] {
      #expect(throws: TaskError.ArraysProblem.partWithoutTargets(part)) {
        try ArraysTask(
          inputs: ShapedArray(shape: [1, 3, 1], [0, 1, 2]),
          targets: .classes(ShapedArray(shape: [3], targets)), validation: .count(1),
          test: .count(1))
      }
    }
  }

  /// The file that is refused is the one that is named.
  @Test func filesOfOtherSequencesAreRefused() throws {
    let file = try Self.file()
    let wide = try Self.file(width: 2)
    let found = try #require(try problem(of: file, validation: .file(wide.path)))
    #expect(found.path == wide.path)
    #expect(
      found.1
        == .otherSequences(tensor: "x", expected: "1 number a step", got: "2 numbers a step"))
    let numbers = try TemporaryFile { writer in
      writer.append("x", shape: [2, 3, 1], [Double](repeating: 0, count: 6))
      writer.append("y", shape: [3, 2], [Double](repeating: 0, count: 6))
    }
    let other = try #require(try problem(of: file, test: .file(numbers.path)))
    #expect(other.path == numbers.path)
    #expect(
      other.1 == .otherSequences(tensor: "y", expected: "classes", got: "2 numbers a step"))
    #expect(throws: FileError.missing(path: "/nowhere/at all")) {
      try ArraysTask(path: file.path, test: .file("/nowhere/at all"), seed: 1)
    }
  }
}
