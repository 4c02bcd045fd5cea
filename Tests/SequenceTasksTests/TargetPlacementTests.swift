import Testing

@testable import UnrollSequenceTasks

/// At which steps targets stand, where their shape fits more than one reading.
struct TargetPlacementTests {
  private static func numbers(_ shape: [Int]) -> SequenceTargets {
    .values(ShapedArray(shape: shape, (0..<shape.reduce(1, *)).map(Double.init)))
  }

  private static func classes(_ shape: [Int]) -> SequenceTargets {
    .classes(ShapedArray(shape: shape, Array(repeating: 0, count: shape.reduce(1, *))))
  }

  @Test(
    arguments: [
      // Numbers beside x [5, 3, 2].
      (numbers([3, 4]), [5, 3, 2], nil, [3, 4]), (numbers([5, 3, 4]), [5, 3, 2], nil, [5, 3, 4]),
      (numbers([5, 3]), [5, 3, 2], nil, [5, 3, 1]),
      (numbers([5, 3]), [5, 3, 2], .every, [5, 3, 1]),
      (numbers([3, 3]), [5, 3, 2], .last, [3, 3]),
      (numbers([5, 3, 3]), [5, 3, 2], .every, [5, 3, 3]),
      // As many sequences as steps, but not as many outputs.
      (numbers([3, 2]), [3, 3, 1], nil, [3, 2]),
      (numbers([3, 3]), [3, 3, 1], .last, [3, 3]),
      (numbers([3, 3]), [3, 3, 1], .every, [3, 3, 1]),
      (classes([3]), [5, 3, 2], nil, [3]), (classes([5, 3]), [5, 3, 2], nil, [5, 3]),
      (classes([3]), [3, 3, 1], .last, [3]), (classes([3, 3]), [3, 3, 1], .every, [3, 3]),
    ] as [(SequenceTargets, [Int], TargetPlacement?, [Int])])
  func shapesSayWhereTargetsStand(
    y: SequenceTargets, inputs: [Int], placement: TargetPlacement?, shape: [Int]
  ) throws {
    let placed = try PlacedTargets(y, inputs: inputs, placement: placement)
    #expect(placed.targets.shape == shape && !placed.isAmbiguous)
  }

  @Test func whatFitsBothIsReadAsOneTargetAndSaidSo() throws {
    let placed = try PlacedTargets(Self.numbers([6, 6]), inputs: [6, 6, 1], placement: nil)
    #expect(placed.targets.shape == [6, 6] && placed.isAmbiguous)
  }

  @Test(
    arguments: [
      (numbers([3, 4]), .every, "[5, 3, O] at every step"),
      (numbers([5, 3, 4]), .last, "[3, O] at the last step"),
      (classes([3]), .every, "[5, 3] at every step"),
      (classes([5, 3]), .last, "[3] at the last step"),
      (numbers([4, 4]), nil, "[3, O] or [5, 3, O]"), (numbers([3]), nil, "[3, O] or [5, 3, O]"),
      (classes([4]), nil, "[3] or [5, 3]"),
    ] as [(SequenceTargets, TargetPlacement?, String)])
  func otherShapesAreRefused(y: SequenceTargets, placement: TargetPlacement?, expected: String) {
    #expect(throws: TaskError.ArraysProblem.shape(tensor: "y", expected: expected, got: y.shape)) {
      try PlacedTargets(y, inputs: [5, 3, 2], placement: placement)
    }
  }

  /// Targets that fit x [N, T, I] alone, as batch-first data have them.
  @Test(arguments: [numbers([5, 4]), numbers([3, 5, 4]), classes([5]), classes([3, 5])])
  func batchFirstInputsAreNamed(y: SequenceTargets) throws {
    let error = #expect(throws: TaskError.ArraysProblem.self) {
      try PlacedTargets(y, inputs: [5, 3, 2], placement: nil)
    }
    guard case .batchFirst("y", _, y.shape, [5, 3, 2]) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func batchFirstLengthsAreNamed() throws {
    let x = ShapedArray(shape: [5, 3, 1], Array(repeating: 0.5, count: 15))
    #expect(
      throws: TaskError.ArraysProblem.batchFirst(
        tensor: "lengths", expected: "[3]", got: [5], inputs: [5, 3, 1])
    ) {
      try ArraysTask(inputs: x, targets: Self.classes([3]), lengths: [1, 2, 3, 2, 1])
    }
  }

  /// The same numbers as one target of three outputs and as three targets of one.
  @Test func aTaskReadsAsItIsTold() throws {
    let x = ShapedArray(shape: [3, 3, 1], Array(repeating: 0.5, count: 9))
    let y = Self.numbers([3, 3])
    let last = try ArraysTask(inputs: x, targets: y, placement: .last)
    let every = try ArraysTask(inputs: x, targets: y, placement: .every)
    #expect(last.target == .values(3) && every.target == .values(1))
    #expect(last.filled(rows: 3).row(1).targets == [[3, 4, 5]])
    #expect(every.filled(rows: 3).row(1).targets == [[1], [4], [7]])
  }

  @Test(
    arguments: [
      ("last", nil, .last), ("every", nil, .every), ("y.npy", "y.npy", nil),
      ("./last", "./last", nil), ("y.npy,every", "y.npy", .every), ("a,b.npy", "a,b.npy", nil),
      ("a,b.npy,last", "a,b.npy", .last), (",last", ",last", nil), ("", "", nil),
    ] as [(String, String?, TargetPlacement?)])
  func theOptionNamesAFileOrStepsOrBoth(text: String, path: String?, placement: TargetPlacement?) {
    #expect(TargetsChoice(parsing: text) == TargetsChoice(path: path, placement: placement))
  }
}
