import Testing
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTestSupport

/// Arrays in memory make the same task as the same arrays in a file.
@Suite struct ArraysInMemoryTests {
  private struct Sample: Sendable {
    let targets: SequenceTargets
    var lengths: [Int]?
    var shuffle = false
    var classes: Int?
  }

  private static let inputs = ShapedArray(
    shape: [3, 4, 2], (0..<24).map { Double($0) / 7 - 1 })

  private static let samples = [
    Sample(targets: .values(ShapedArray(shape: [4, 3], (0..<12).map { Double($0) / 3 }))),
    Sample(
      targets: .values(ShapedArray(shape: [3, 4, 1], (0..<12).map { Double($0 * $0) })),
      lengths: [3, 1, 2, 2]),
    Sample(
      targets: .values(ShapedArray(shape: [4, 1], [0.5, -1, 2, 3])), lengths: [2, 1, 1, 2],
      shuffle: true),
    Sample(targets: .classes(ShapedArray(shape: [4], [2, 0, -100, 2])), shuffle: true),
    Sample(
      targets: .classes(ShapedArray(shape: [3, 4], [0, 1, 2, 0, -100, 1, 1, 0, 2, 2, 2, 2])),
      lengths: [3, 2, 2, 1], classes: 5),
  ]

  @Test(arguments: samples.indices) func areTheSameTaskAsAFile(_ index: Int) throws {
    let sample = Self.samples[index]
    let file = try TemporaryFile { writer in
      writer.append("x", shape: Self.inputs.shape, Self.inputs.elements)
      switch sample.targets {
      case .values(let values): writer.append("y", shape: values.shape, values.elements)
      case .classes(let classes): writer.append("y", shape: classes.shape, classes.elements)
      }
      if let lengths = sample.lengths {
        writer.append("lengths", shape: [lengths.count], lengths)
      }
    }
    let read = try ArraysTask(
      path: file.path, shuffle: sample.shuffle, seed: 5, classes: sample.classes)
    let made = try ArraysTask(
      inputs: Self.inputs, targets: sample.targets, lengths: sample.lengths,
      shuffle: sample.shuffle, seed: 5, classes: sample.classes)
    #expect(made.input == read.input && made.target == read.target)
    #expect(
      made.sequenceCount(in: .train) == read.sequenceCount(in: .train)
        && made.baselineLoss == read.baselineLoss)
    #expect(made.supervision(in: .train, steps: 3) == read.supervision(in: .train, steps: 3))
    #expect(made.layout(of: .train, trainingRows: 3) == read.layout(of: .train, trainingRows: 3))
    for split in Split.allCases {
      #expect(
        made.filled(split, sequence: 2, rows: 9).allRows
          == read.filled(split, sequence: 2, rows: 9).allRows)
    }
  }

  private func problem(
    x inputs: ShapedArray<Double> = inputs, _ targets: SequenceTargets, lengths: [Int]? = nil
  ) -> TaskError.ArraysProblem? {
    do throws(TaskError.ArraysProblem) {
      _ = try ArraysTask(inputs: inputs, targets: targets, lengths: lengths)
      return nil
    } catch {
      return error
    }
  }

  @Test func refusesWhatAFileIsRefusedFor() {
    let fitting = SequenceTargets.classes(ShapedArray(shape: [4], [0, 1, 0, 1]))
    #expect(problem(fitting) == nil)
    #expect(
      problem(x: ShapedArray(shape: [3, 4], [Double](repeating: 0, count: 12)), fitting)
        == .shape(tensor: "x", expected: "[T, N, I]", got: [3, 4]))
    #expect(problem(x: ShapedArray(shape: [3, 0, 2], []), fitting) == .empty(tensor: "x"))
    #expect(
      problem(.values(ShapedArray(shape: [4], [0, 0, 0, 0])))
        == .shape(tensor: "y", expected: "[4, O] or [3, 4, O]", got: [4]))
    #expect(
      problem(.classes(ShapedArray(shape: [2], [0, 0])))
        == .shape(tensor: "y", expected: "[4] or [3, 4]", got: [2]))
    #expect(
      problem(.classes(ShapedArray(shape: [4], [0, 0, -1, 0])))
        == .classOutOfRange(tensor: "y", value: -1, accepted: 0...(1 << 20) - 1))
    #expect(
      problem(.classes(ShapedArray(shape: [4], [-100, -100, -100, -100]))) == .empty(tensor: "y"))
    #expect(
      problem(fitting, lengths: [3, 3, 4, 3])
        == .lengthOutOfRange(tensor: "lengths", value: 4, accepted: 1...3))
    #expect(
      problem(fitting, lengths: [3, 3])
        == .shape(tensor: "lengths", expected: "[4]", got: [2]))
  }

  /// NaN and infinity are named with their place; behind a sequence's end they are padding like any
  /// other among targets.
  @Test func refusesNumbersThatAreNotFinite() {
    var elements = Self.inputs.elements
    elements[17] = .infinity
    let fitting = SequenceTargets.classes(ShapedArray(shape: [4], [0, 1, 0, 1]))
    #expect(
      problem(x: ShapedArray(shape: [3, 4, 2], elements), fitting)
        == .nonFinite(tensor: "x", index: 17))
    let targets = ShapedArray(shape: [3, 4, 1], (0..<12).map { $0 == 9 ? .nan : Double($0) })
    #expect(problem(.values(targets)) == .nonFinite(tensor: "y", index: 9))
    #expect(problem(.values(targets), lengths: [3, 2, 3, 3]) == nil)
  }
}
