import Testing

@testable import UnrollStudies

struct RunFolderTests {
  @Test func commandAndSubjectMakeTheName() {
    #expect(RunFolder.defaultPath(command: "train", subject: "adding") == "runs/train-adding")
    #expect(RunFolder.defaultPath(command: "check", subject: nil) == "runs/check")
  }

  @Test(arguments: [
    ("../a b/c.csv", "runs/x-..-a-b-c.csv"), ("", "runs/x-unnamed"), ("é\n", "runs/x---"),
    (String(repeating: "a", count: 500), "runs/x-" + String(repeating: "a", count: 60)),
  ])
  func oddSubjectsMakePlainNames(subject: String, expected: String) {
    #expect(RunFolder.defaultPath(command: "x", subject: subject) == expected)
  }
}
