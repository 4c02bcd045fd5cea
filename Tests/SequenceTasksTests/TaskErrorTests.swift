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
    (.tooFewData(path: "a\n.txt", count: 7, needed: 9), [#"a\n.txt"#, "7", "9"]),
    (.holdoutOutOfRange(path: "a.csv", holdout: 0, accepted: 1...7), ["a.csv", "1 to 7", "0"]),
    (.tooShort(path: "a.csv", count: 3, needed: 7), ["a.csv", "3 values", "7", "5 to train on"]),
    (
      .partTooSmall(path: "a.txt", part: .validation, count: 1, needed: 2),
      ["a.txt", "1 of its characters is for validation", "2"]
    ),
    (.fileNotAccepted(task: "text", option: .test, path: "b.txt"), ["b.txt", "share", "test"]),
    (.arrays(path: "b", .partTooSmall(.test, count: 0, of: 9)), ["0 of 9", "for the test"]),
    (.arrays(path: "b", .partWithoutTargets(.train)), ["to train on", "target"]),
    (
      .arrays(
        path: "b", .otherSequences(tensor: "x", expected: "1 number a step", got: "2 numbers")),
      ["'x'", "2 numbers", "1 number a step"]
    ),
    (.notScalable(path: "a.csv", column: "v"), ["a.csv", "'v'", "finite"]),
    (.arrays(path: "b", .tooLarge(tensor: "y")), ["b", "'y'", "too large"]),
    (
      .modelMismatch(use: .forecasting, needed: 1, inputs: 2, outputs: 3), ["2", "3", "one number"]
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
