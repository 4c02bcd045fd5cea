import Testing
import UnrollSequenceTasks

@testable import UnrollCommands
@testable import UnrollReports

struct TaskErrorMessageTests {
  static let errors: [(TaskError, mentions: [String])] = [
    (.unknownTask("copi", accepted: ["adding", "copy"]), ["'copi'", "adding, copy"]),
    (.missingOption(task: "text", option: .file), ["'text'", "--file"]),
    (
      .lengthOutOfRange(task: "adding", length: -3, accepted: 2...9),
      ["--length -3", "'adding'", "2 to 9"]
    ),
    (.tooFewData(path: "a.txt", count: 7, heldOut: 3, needed: 9), ["a.txt", "7", "9"]),
    (
      .holdoutOutOfRange(path: "a.csv", holdout: 0, accepted: 1...7),
      ["--holdout 0", "a.csv", "1 to 7"]
    ),
    (.tooShort(path: "a.csv", count: 3, needed: 7), ["a.csv", "3 values", "7"]),
    (
      .partTooSmall(path: "a.txt", part: .test, count: 0, total: 9, needed: 2),
      ["a.txt", "for the test"]
    ),
    (
      .fileNotAccepted(task: "text", option: .validation, path: "b.txt"),
      ["--validation b.txt", "'text'", "0.05"]
    ),
    (.notScalable(path: "a.csv", column: "v"), ["a.csv", "'v'", "finite"]),
    (
      .arrays(
        path: "b.safetensors", .shape(tensor: "y", expected: "[4] or [3, 4]", got: [3])),
      ["b.safetensors", "'y'", "[3]", "[4] or [3, 4]"]
    ),
    (
      .arrays(
        path: "b.safetensors", .classOutOfRange(tensor: "y", value: -1, accepted: 0...9)),
      ["b.safetensors", "'y'", "-1", "0 to 9"]
    ),
    (
      .arrays(
        path: "b.safetensors", .lengthOutOfRange(tensor: "lengths", value: 0, accepted: 1...9)),
      ["b.safetensors", "'lengths'", "0", "1 to 9"]
    ),
    (.arrays(path: "b.safetensors", .empty(tensor: "x")), ["b.safetensors", "'x'", "empty"]),
    (.arrays(path: "b.safetensors", .empty(tensor: "y")), ["b.safetensors", "'y'", "target"]),
    (.arrays(path: "b.safetensors", .tooLarge(tensor: "y")), ["b.safetensors", "'y'"]),
    (
      .arrays(path: "b.safetensors", .nonFinite(tensor: "y", index: 3)),
      ["b.safetensors", "'y'", "not a finite number", "3"]
    ),
    (
      .modelMismatch(use: .sampling, needed: 66, inputs: 2, outputs: 1),
      ["2 inputs", "1 output;", "67", "66"]
    ),
    (
      .modelMismatch(use: .forecasting(targets: 1), needed: 1, inputs: 2, outputs: 3),
      ["2 inputs", "3 outputs", "one number"]
    ),
    (
      .tooFewData(path: "bad\nname\u{202E}", count: 7, heldOut: 3, needed: 9),
      [#"bad\nname\u{202E}"#]
    ),
  ]

  @Test(arguments: errors.indices)
  func isOneLineThatSaysWhatAndWhere(index: Int) {
    let (error, mentions) = Self.errors[index]
    let message = error.message
    #expect(!message.contains(where: \.isNewline) && message.count < 300)
    for text in mentions { #expect(message.contains(text), "\(message)") }
  }
}
