import Foundation
import Testing
import UnrollFileFormats
import UnrollSequenceTasks
import UnrollTestSupport

struct ArraysTaskTests {
  /// x [3, 4, 2]: element t·8 + n·2 + i has that value.
  private static func file(
    _ append: (inout SafetensorsWriter) -> Void
  ) throws -> TemporaryFile {
    try TemporaryFile { writer in
      writer.append("x", shape: [3, 4, 2], (0..<24).map(Double.init))
      append(&writer)
    }
  }

  private static func inputs(_ sequence: Int, steps: Int = 3) -> [[Double]] {
    (0..<steps).map { step in (0..<2).map { Double(step * 8 + sequence * 2 + $0) } }
  }

  @Test func numbersAtTheLastStep() throws {
    let file = try Self.file { writer in
      writer.append("y", shape: [4, 3], (0..<12).map { Float($0) / 2 })
    }
    let task = try ArraysTask(path: file.path, seed: 1)
    #expect(task.input == .values(2) && task.target == .values(3))
    #expect(task.supervision(in: .train, steps: 3) == (2..<3, 3..<3))
    // Sequences 2, 3, 0, 1, 2: in file order, wrapping around.
    for (row, got) in task.filled(sequence: 6, rows: 5).allRows.enumerated() {
      let sequence = (6 + row) % 4
      #expect(got.inputs == Self.inputs(sequence))
      #expect(got.targets == [(0..<3).map { Double(sequence * 3 + $0) / 2 }])
      #expect(got.lossMask == [1])
    }
    // The variance of four numbers 1.5 apart: 1.5²·(4² − 1)/12.
    #expect(abs(task.baselineLoss - 2.25 * 15 / 12) < 1e-12)
  }

  @Test func numbersAtEveryStep() throws {
    let file = try Self.file { writer in
      writer.append("y", shape: [3, 4, 1], (0..<12).map(Double.init))
    }
    let task = try ArraysTask(path: file.path, seed: 1)
    #expect(task.target == .values(1) && task.supervision(in: .train, steps: 3).supervised == 0..<3)
    #expect(task.filled(sequence: 1, rows: 1).row(0).targets == [[1], [5], [9]])
    #expect(abs(task.baselineLoss - (144.0 - 1) / 12) < 1e-12)
  }

  @Test func classesAtTheLastStep() throws {
    let file = try Self.file { $0.append("y", shape: [4], [2, 0, -100, 2]) }
    let task = try ArraysTask(path: file.path, seed: 1)
    #expect(task.target == .classes(3))
    #expect(task.supervision(in: .train, steps: 3) == (2..<3, 2..<3))
    let rows = task.filled(rows: 4).allRows
    #expect(rows.map(\.targetClasses) == [[2], [0], [0], [2]])
    #expect(rows.map(\.lossMask) == [[1], [1], [0], [1]])
    #expect(abs(task.baselineLoss - (log(3.0) - 2.0 / 3 * log(2.0))) < 1e-12)
    #expect(try ArraysTask(path: file.path, seed: 1, classes: 9).target == .classes(9))
  }

  @Test func classesAtEveryStepOfDifferentLengths() throws {
    let file = try Self.file { writer in
      writer.append("y", shape: [3, 4], [0, 1, 2, 3, 4, 5, 6, 7, 8, -5, 10, 99])
      writer.append("lengths", shape: [4], [3, 2, 3, 2])
    }
    let task = try ArraysTask(path: file.path, seed: 1)
    #expect(task.target == .classes(11))
    let rows = task.filled(rows: 4).allRows
    #expect(rows[0].targetClasses == [0, 4, 8] && rows[0].lossMask == [1, 1, 1])
    #expect(rows[1].targetClasses == [1, 5, 0] && rows[1].lossMask == [1, 1, 0])
    #expect(rows[3].targetClasses == [3, 7, 0] && rows[3].lossMask == [1, 1, 0])
  }

  @Test func lastTargetsOfDifferentLengthsStandAtTheirLastSteps() throws {
    let file = try TemporaryFile { writer in
      writer.append("x", shape: [7, 3, 1], (0..<21).map(Double.init))
      writer.append("y", shape: [3, 1], [10.0, 20.0, 30.0])
      writer.append("lengths", shape: [3], [5, 2, 4])
    }
    let task = try ArraysTask(path: file.path, seed: 1)
    #expect(task.timeSteps(in: .train, rows: 3) == 5)
    #expect(task.supervision(in: .train, steps: 5).supervised == 1..<5)
    let rows = task.filled(rows: 3).allRows
    #expect(rows.map(\.lossMask) == [[0, 0, 0, 1], [1, 0, 0, 0], [0, 0, 1, 0]])
    let targets = rows.map { row in row.targets.map { $0[0] } }
    #expect(targets == [[0, 0, 0, 10], [20, 0, 0, 0], [0, 0, 30, 0]])
    #expect(rows[2].inputs == [[2], [5], [8], [11], [14]])
    #expect(abs(task.baselineLoss - 200.0 / 3) < 1e-12)
  }

  @Test func shuffledPassesHoldEverySequenceOnce() throws {
    let file = try Self.file { $0.append("y", shape: [4], [0, 1, 2, 3]) }
    let task = try ArraysTask(path: file.path, shuffle: true, seed: 5)
    let order = task.filled(rows: 40).targetClasses
    let passes: [[Int32]] = (0..<10).map { Array(order[$0 * 4..<$0 * 4 + 4]) }
    for pass in passes { #expect(pass.sorted() == [0, 1, 2, 3]) }
    #expect(Set(passes).count > 3)
    // An evaluation takes them in their own order.
    #expect(task.layout(of: .train, trainingRows: 3) == (rows: 3, sequences: 4))
    #expect(task.filled(rows: 4, isForTraining: false).targetClasses == [0, 1, 2, 3])
  }

  @Test func oneBatchHoldsAllSequences() throws {
    let file = try Self.file { $0.append("y", shape: [4], [2, 0, 1, 2]) }
    let task = try ArraysTask(path: file.path, seed: 1)
    let rows = try #require(task.sequenceCount(in: .train))
    let batch = task.filled(rows: rows)
    #expect(rows == 4 && batch.shape.timeSteps == 3 && batch.shape.supervised == 2..<3)
    #expect(batch.inputs.values == (0..<24).map(Double.init))
    #expect(batch.targetClasses == [2, 0, 1, 2])
  }

  // MARK: Bad input

  private static func problem(
    x: [Int] = [3, 4, 2], _ append: (inout SafetensorsWriter) -> Void
  ) throws -> TaskError.ArraysProblem? {
    let file = try TemporaryFile { writer in
      writer.append("x", shape: x, [Double](repeating: 1, count: x.reduce(1, *)))
      append(&writer)
    }
    do {
      _ = try ArraysTask(path: file.path, seed: 1)
      return nil
    } catch TaskError.arrays(file.path, let problem) {
      return problem
    }
  }

  @Test func refusesShapesThatDoNotFit() throws {
    let numbers = { (shape: [Int]) in
      try Self.problem {
        $0.append("y", shape: shape, [Float](repeating: 0, count: shape.reduce(1, *)))
      }
    }
    for shape in [[], [4], [5, 1], [5, 3, 1], [3, 4, 1, 1], [4, 3, 4, 1]] {
      #expect(
        try numbers(shape)
          == .shape(tensor: "y", expected: "[4, O] or [3, 4, O]", got: shape), "\(shape)")
    }
    #expect(try numbers([4, 0]) == .empty(tensor: "y"))
    let classes = { (shape: [Int]) in
      try Self.problem {
        $0.append("y", shape: shape, [Int](repeating: 0, count: shape.reduce(1, *)))
      }
    }
    for shape in [[], [5], [4, 4], [3, 4, 1]] {
      #expect(
        try classes(shape) == .shape(tensor: "y", expected: "[4] or [3, 4]", got: shape),
        "\(shape)")
    }
    let inputs = [3, 4, 2]
    for shape in [[4, 3, 1], [3, 1]] {
      #expect(
        try numbers(shape)
          == .batchFirst(
            tensor: "y", expected: "[4, O] or [3, 4, O]", got: shape, inputs: inputs))
    }
    for shape in [[3], [4, 3]] {
      #expect(
        try classes(shape)
          == .batchFirst(tensor: "y", expected: "[4] or [3, 4]", got: shape, inputs: inputs))
    }
    #expect(
      try Self.problem(x: [3, 4]) { $0.append("y", shape: [4], [0, 0, 0, 0]) }
        == .shape(tensor: "x", expected: "[T, N, I]", got: [3, 4]))
    for shape in [[0, 4, 2], [3, 0, 2], [3, 4, 0]] {
      #expect(
        try Self.problem(x: shape) { $0.append("y", shape: [4], [0, 0, 0, 0]) }
          == .empty(tensor: "x"))
    }
  }

  @Test func refusesClassesOutOfRange() throws {
    for value in [-1, -99, -101, 1 << 20, Int.max, Int.min] {
      #expect(
        try Self.problem { $0.append("y", shape: [4], [0, 1, value, 0]) }
          == .classOutOfRange(tensor: "y", value: value, accepted: 0...(1 << 20) - 1))
    }
    #expect(
      try Self.problem { $0.append("y", shape: [4], [Int](repeating: -100, count: 4)) }
        == .empty(tensor: "y"))
    let file = try Self.file { $0.append("y", shape: [4], [0, 1, 3, 0]) }
    #expect(
      throws: TaskError.arrays(
        path: file.path, .classOutOfRange(tensor: "y", value: 3, accepted: 0...2))
    ) { try ArraysTask(path: file.path, seed: 1, classes: 3) }
  }

  @Test func refusesLengthsThatDoNotFit() throws {
    let lengths = { (lengths: [Int]) in
      try Self.problem { writer in
        writer.append("y", shape: [4], [0, 0, 0, 0])
        writer.append("lengths", shape: [lengths.count], lengths)
      }
    }
    for value in [0, -1, 4, Int.max] {
      #expect(
        try lengths([3, value, 3, 3])
          == .lengthOutOfRange(tensor: "lengths", value: value, accepted: 1...3))
    }
    #expect(
      try lengths([3, 3]) == .shape(tensor: "lengths", expected: "[4]", got: [2]))
    #expect(
      try lengths([3, 3, 3])
        == .batchFirst(tensor: "lengths", expected: "[4]", got: [3], inputs: [3, 4, 2]))
    // A target of 40,000 numbers at steps 1 to 10,000 of two sequences: 6.4 GB once padded.
    #expect(
      try Self.problem(x: [10_000, 2, 1]) { writer in
        writer.append("y", shape: [2, 40_000], [Float](repeating: 0, count: 80_000))
        writer.append("lengths", shape: [2], [1, 10_000])
      } == .tooLarge(tensor: "y"))
  }

  @Test func refusesWrongTypesMissingTensorsAndNumbersThatAreNone() throws {
    let integers = try TemporaryFile { writer in
      writer.append("x", shape: [1, 1, 1], [1])
      writer.append("y", shape: [1], [0])
    }
    #expect(
      throws: TaskError.arrays(path: integers.path, .tokens(tensor: "x", embedding: nil))
    ) { try ArraysTask(path: integers.path, seed: 1) }
    let missing = try Self.file { _ in }
    #expect(
      throws: TaskError.arrays(path: missing.path, .noTargets(present: ["x"]))
    ) { try ArraysTask(path: missing.path, seed: 1) }
    let infinite = try Self.file {
      $0.append("y", shape: [4, 1], [0, 1, .infinity, 2] as [Float])
    }
    #expect(
      throws: TaskError.arrays(path: infinite.path, .nonFinite(tensor: "y", index: 2))
    ) { try ArraysTask(path: infinite.path, seed: 1) }
    let nan = try TemporaryFile { writer in
      writer.append("x", shape: [2, 1, 1], [1.0, .nan])
      writer.append("y", shape: [1], [0])
    }
    #expect(
      throws: FileError.malformed(path: nan.path, line: nil, .nonFinite(tensor: "x", index: 1))
    ) { try ArraysTask(path: nan.path, seed: 1) }
  }

  /// Of what no target looks at, nothing is refused, and nothing of it reaches a batch.
  @Test func whatNoTargetLooksAtMayBeAnything() throws {
    let x = (0..<12).map { Double($0) }
    func task(
      _ x: [Double], _ y: SequenceTargets, _ lengths: [Int]? = nil, masks: Bool = false
    ) throws -> ArraysTask {
      try ArraysTask(
        inputs: ShapedArray(shape: [3, 2, 2], x), targets: y, lengths: lengths, masksMissing: masks)
    }
    func with(_ value: Double, at index: Int) -> [Double] {
      var copy = x
      copy[index] = value
      return copy
    }
    let last = SequenceTargets.classes(ShapedArray(shape: [2], [0, 1]))
    for value in [Double.nan, .infinity] {
      // Beyond the length of the first sequence, and within that of the second.
      let padded = try task(with(value, at: 9), last, [2, 3])
      #expect(padded.filled(rows: 2).inputs.isFinite)
      #expect(throws: TaskError.ArraysProblem.nonFinite(tensor: "x", index: 11)) {
        try task(with(value, at: 11), last, [2, 3])
      }
      // After the last target that is not -100, and before it.
      let ignored = SequenceTargets.classes(ShapedArray(shape: [3, 2], [0, 1, 1, 0, -100, 1]))
      #expect(try task(with(value, at: 8), ignored).filled(rows: 2).inputs.isFinite)
      #expect(throws: TaskError.ArraysProblem.nonFinite(tensor: "x", index: 10)) {
        try task(with(value, at: 10), ignored)
      }
      #expect(throws: TaskError.ArraysProblem.nonFinite(tensor: "x", index: 4)) {
        try task(with(value, at: 4), ignored)
      }
    }
  }

  @Test func missingTargetsAreMasked() throws {
    let y = SequenceTargets.values(ShapedArray(shape: [2, 2, 2], [1, 2, 3, .nan, 5, 6, 7, 8]))
    let x = ShapedArray(shape: [2, 2, 1], [1, 2, 3, 4] as [Double])
    #expect(throws: TaskError.ArraysProblem.nonFinite(tensor: "y", index: 3)) {
      try ArraysTask(inputs: x, targets: y)
    }
    let task = try ArraysTask(inputs: x, targets: y, masksMissing: true)
    let rows = task.filled(rows: 2).allRows
    #expect(rows.map(\.lossMask) == [[1, 1], [0, 1]])
    #expect(rows[1].targets == [[0, 0], [7, 8]])
    // Means (13/3, 16/3) over three targets: both variances are 56/9.
    #expect(abs(task.baselineLoss - 56.0 / 9) < 1e-14)
    let infinite = SequenceTargets.values(ShapedArray(shape: [2, 1], [.infinity, 1]))
    #expect(throws: TaskError.ArraysProblem.nonFinite(tensor: "y", index: 0)) {
      try ArraysTask(inputs: x, targets: infinite, masksMissing: true)
    }
    let none = SequenceTargets.values(ShapedArray(shape: [2, 1], [.nan, .nan]))
    #expect(throws: TaskError.ArraysProblem.empty(tensor: "y")) {
      try ArraysTask(inputs: x, targets: none, masksMissing: true)
    }
  }

  /// NaN where a shorter sequence has no target is padding like any other.
  @Test func ignoresPaddedTargets() throws {
    let file = try Self.file { writer in
      writer.append("y", shape: [3, 4, 1], (0..<12).map { $0 == 9 ? .nan : Double($0) })
      writer.append("lengths", shape: [4], [3, 2, 3, 3])
    }
    #expect(try ArraysTask(path: file.path, seed: 1).filled(rows: 4).targets.isFinite)
  }
}
