import Foundation
import Testing
import UnrollCommandLine
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollText

@testable import UnrollCommands
@testable import UnrollReports
@testable import UnrollStudies

@Suite struct FileErrorMessageTests {
  @Test(
    arguments: [
      (.missing(path: "a.csv"), "a.csv: no such file"),
      (
        .cannotCreateFolder(path: "/x", errno: ENOTDIR),
        "cannot create the folder /x: there is a file in its place, or above it"
      ),
      (
        .cannotCreateFolder(path: "/x", errno: EACCES),
        "cannot create the folder /x: Permission denied"
      ),
      (
        .malformed(path: "data.csv", line: 17, .notANumber(column: "sunspots", text: "abc")),
        "data.csv, line 17: 'abc' in column 'sunspots' is not a number"
      ),
      (
        .malformed(path: "data.csv", line: nil, .missingColumn("c", present: ["a", "b"])),
        "data.csv: no column 'c'; present: 'a', 'b'"
      ),
      (
        .malformed(
          path: "m.safetensors", line: nil,
          .wrongShape(tensor: "head.weight", expected: [1, 128], got: [128])),
        "m.safetensors: tensor 'head.weight' has the shape [128]; accepted: [1, 128]"
      ),
      (
        .malformed(path: "runs/m.npz", line: nil, .foreign(.npz)),
        "runs/m.npz is a NumPy .npz archive, which is not accepted here; convert it with Python: "
          + "import numpy; from safetensors.numpy import save_file; "
          + "save_file(dict(numpy.load(\"runs/m.npz\")), \"runs/m.safetensors\")"
      ),
      (
        .malformed(path: "a book.txt", line: nil, .otherEncoding("UTF-16")),
        "a book.txt is text in UTF-16; UTF-8 is accepted: iconv -f UTF-16 -t UTF-8 'a book.txt' > "
          + "'a book.utf8.txt'"
      ),
    ] as [(FileError, String)]) func wording(error: FileError, message: String)
  {
    #expect(error.description == message)
  }

  /// The program takes no cells of one's own, so it speaks of none.
  @Test func anUnknownCellIsNamedWithTheBuiltInOnes() {
    let error = ModelFileError.unknownCell(path: "m", cell: "mine", known: ["rnn", "lstm", "gru"])
    #expect(
      ErrorMessage.text(for: error) == "m: the metadata 'cell' is 'mine'; accepted: rnn, lstm, gru")
    #expect(error.localizedDescription.contains("'cells:'"))
  }

  @Test func valuesFromOutsideStayOnOneShortLine() {
    let nasty = "\u{1B}[2J\n\r\t\u{202E}\u{2028}\0" + String(repeating: "x", count: 10_000)
    let errors: [FileError] = [
      .missing(path: "a\nb"),
      .malformed(path: "a\u{1B}", line: 1, .notANumber(column: nasty, text: nasty)),
      .malformed(path: "a", line: nil, .duplicateKey(nasty)),
      .malformed(
        path: "a", line: nil,
        .missingTensor(nasty, present: Array(repeating: nasty, count: 1000))),
      .malformed(
        path: "a", line: nil,
        .sizeOverflow(tensor: nasty, shape: Array(repeating: .max, count: 1000))),
      .malformed(path: "m\n\"\\.pt", line: nil, .foreign(.pyTorch)),
    ]
    for error in errors {
      let scalars = error.description.unicodeScalars
      #expect(scalars.allSatisfy { !["\u{202E}", "\u{2028}"].contains($0) && $0.value >= 0x20 })
      #expect(scalars.count < 1500)
    }
  }

  @Test func longListsAreCut() {
    let names = (1...20).map { "t\($0)" }
    #expect(names.quotedList.hasSuffix("'t8', … (20 in all)"))
    #expect([String]().quotedList == "none")
    #expect("a\u{7}".quoted == "'a\\u{07}'")
  }
}
