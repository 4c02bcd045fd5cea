import Foundation
import Testing
import UnrollSequenceTasks
import UnrollTestSupport

@Suite struct TaskErrorTests {
  /// One line without options of the program, which a library's user does not have.
  @Test(arguments: [
    (TaskError.unknownTask("copi", accepted: ["adding", "copy"]), ["'copi'", "adding, copy"]),
    (.missingOption(task: "text", option: .file), ["'text'", "the file to learn from"]),
    (.lengthOutOfRange(task: "copy", length: -3, accepted: 1...9), ["'copy'", "1 to 9", "-3"]),
    (
      .tooFewData(path: "a\n.txt", count: 7, heldOut: 30, needed: 9),
      [
        #"a\n.txt"#, "7", "30 for", "9",
        "accepted: smaller parts for validation and test or a smaller batch",
      ]
    ),
    (.holdoutOutOfRange(path: "a.csv", holdout: 0, accepted: 1...7), ["a.csv", "1 to 7", "0"]),
    (.tooShort(path: "a.csv", count: 3, needed: 7), ["a.csv", "3 values", "7", "5 to train on"]),
    (
      .partTooSmall(path: "a.txt", part: .validation, count: 1, total: 3000, needed: 2),
      [
        "a.txt", "1 of its 3,000 characters is for validation",
        "accepted: a number from 2, or a share from 0.001",
      ]
    ),
    (.fileNotAccepted(task: "text", option: .test, path: "b.txt"), ["b.txt", "share", "test"]),
    (
      .arrays(path: "b", .partTooSmall(.test, count: 0, of: 9)),
      ["0 of 9", "for the test", "a number from 1, or a share from 0.12"]
    ),
    (.arrays(path: "b", .partWithoutTargets(.train)), ["to train on", "target"]),
    (
      .arrays(
        path: "b", .otherSequences(tensor: "x", expected: "1 number a step", got: "2 numbers")),
      ["'x'", "2 numbers", "1 number a step"]
    ),
    (.notScalable(path: "a.csv", column: "v"), ["a.csv", "'v'", "finite"]),
    (.arrays(path: "b", .tooLarge(tensor: "y")), ["b", "'y'", "too large"]),
    (
      .modelMismatch(use: .forecasting(targets: 1), needed: 1, inputs: 2, outputs: 3),
      ["2", "3", "one number"]
    ),
    (
      .modelMismatch(use: .forecasting(targets: 2), needed: 3, inputs: 1, outputs: 1),
      ["3 numbers in and 2 out"]
    ),
    (
      .nothingKnown(path: "a.csv", columns: ["v"], part: .test),
      ["a.csv", "all values of column 'v' that are for the test are missing"]
    ),
    (
      .nothingKnown(path: "a.csv", columns: ["v", "w"], part: .validation),
      ["no row for validation", "'v', 'w'"]
    ),
    (.repeatedColumn(path: "a.csv", column: "v"), ["a.csv", "'v'", "once"]),
    (
      .otherColumns(path: "a.csv", inputs: 1, targets: 1, neededInputs: 3, neededTargets: 2),
      ["1 column is read and 1 predicted", "the model reads 3 and predicts 2"]
    ),
    (.columnAndList(list: .target), ["column", "target"]),
    (.columnList(option: .columns, text: "a,"), ["columns", "'a,'", "commas"]),
    (.noFeedback(horizon: 12, column: "v"), ["12", "'v'", "accepted: 1"]),
    (.nothingInVocabulary(path: "a.txt", part: .train), ["a.txt", "to train on", "vocabulary"]),
    (
      .arrays(
        path: "b", .batchFirst(tensor: "y", expected: "[5]", got: [9], inputs: [9, 5, 1])),
      [
        "'y'", "[9]", "[5]", "[9, 5, 1]", "fits an x that is [N, T, I]",
        "swap the first two axes of x (", "x.swapaxes(0, 1)",
      ]
    ),
    (
      .arrays(
        path: "b",
        .batchFirst(
          tensor: "y", expected: "[5, O] or [9, 5, O]", got: [5, 9, 2], inputs: [9, 5, 1])),
      ["'y'", "[5, 9, 2]", "swap the first two axes of y, or of x where that is [N, T, I]"]
    ),
  ])
  func saysWhatIsWrongInOneLine(_ error: TaskError, _ mentions: [String]) {
    let text = error.localizedDescription
    #expect(text == "\(error)")
    #expect(!text.contains(where: \.isNewline) && !text.contains("--"))
    for part in mentions { #expect(text.contains(part), "\(text)") }
  }

  @Test func arraysInMemoryAreToldOfWithoutAPath() {
    let problem = TaskError.ArraysProblem.nonFinite(tensor: "x", index: 17)
    #expect(problem.localizedDescription == "\(problem)")
    #expect("\(problem)".contains("'x'") && "\(problem)".contains("17"))
  }
}
