import Testing

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports

/// Texts and CSV files that cannot be learned from: status 1, one line that names the file and, where
/// there is one, the line; nothing written.
struct BadDataFileTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func expectRefusal(_ words: [String], saying parts: [String]) {
    workspace.expectRefusal(
      ["train"] + words + ["--out", workspace("out")], .failed, saying: parts)
  }

  @Test(
    arguments: [
      ([], "is empty"),
      (Array("plain\0text".utf8), "binary, where text is accepted (NUL at byte 5)"),
      // é cut in the middle.
      (Array("one\ntwo caf".utf8) + [0xC3], "not UTF-8 text (byte 11)"),
      ([0xFF, 0xFE, 0x41, 0x00], "text in UTF-16; UTF-8 is accepted"),
      (Array("aaaaaaa".utf8), "at least 41 are needed"),
    ] as [([UInt8], String)])
  func textIsRefused(bytes: [UInt8], part: String) throws {
    let path = try workspace.file("book.txt", bytes)
    expectRefusal(["text", "--file", path], saying: [path, part])
  }

  @Test func aMissingFileOrAFolderIsRefused() {
    for task in [["text"], ["series", "--column", "y"]] {
      expectRefusal(
        task + ["--file", workspace("none")], saying: [workspace("none"), "no such file"])
      expectRefusal(task + ["--file", workspace.path], saying: ["is a folder, not a file"])
      expectRefusal(task + ["--file", "/dev/zero"], saying: ["/dev/zero", "only a regular file"])
    }
  }

  @Test(arguments: [
    ("year,spots\n1,2\n", "no column 'y'; present: 'year', 'spots'"),
    ("x,y\n1,2\n3,\n", "line 3: a blank in column 'y' is a missing value, the only one"),
    ("x,y\n1,2\n3,many\n", "line 3: 'many' in column 'y' is not a number"),
    ("x,y\n1,nan\n", "line 2: 'nan' in column 'y' is a missing value"),
    ("x,y\n1,2\n3\n", "line 3: 1 field; the header has 2"),
    ("x,y\n1,\"2\n3,4\n", "line 2: the quote that opens here is never closed"),
    ("y,y\n1,2\n", "several columns are called 'y'"),
    ("y\n1\n2\n", "at least 7 are needed, 5 to train on"),
    ("y\n" + String(repeating: "1e308\n-1e308\n", count: 40), "too large to be scaled"),
    ("", "is empty"),
  ])
  func csvIsRefused(content: String, part: String) throws {
    let path = try workspace.file("data.csv", content)
    expectRefusal(
      ["series", "--file", path, "--column", "y", "--batch", "2"], saying: [path, part])
  }

  @Test func tooManyRowsForTheDataAreRefused() throws {
    let path = try workspace.file("data.csv", "y\n" + (1...30).map { "\($0)\n" }.joined())
    expectRefusal(
      ["series", "--file", path, "--column", "y", "--batch", "20"],
      saying: [path, "18", "at least 41 are needed"])
    workspace.expectRefusal(
      [
        "train", "series", "--file", path, "--column", "y", "--holdout", "28", "--batch", "2",
        "--out", workspace("out"),
      ], .usage, saying: ["--holdout 28", "1 to 12"])
  }
}
