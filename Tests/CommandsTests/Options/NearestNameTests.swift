import Testing
import UnrollText

@testable import UnrollCommandLine
@testable import UnrollCommands

struct NearestNameTests {
  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("hiden", "hidden", 1), ("kitten", "sitting", 3), ("ab", "ba", 1),
    ("trian", "train", 1), ("abc", "abc", 0),
  ])
  func distanceCountsEdits(a: String, b: String, distance: Int) {
    #expect(NearestName.editDistance(Array(a), Array(b)) == distance)
    #expect(NearestName.editDistance(Array(b), Array(a)) == distance)
  }

  @Test(arguments: [
    ("--hiden", "hidden"), ("--learning_rate", "learning-rate"), ("--optimizer", "optimizer"),
    ("--lr-x", nil), ("--stop-when", "stop-when-solved"), ("--Hidden", "hidden"),
    ("--see", "seed"), ("--l3", "l1"), ("--", nil), ("", nil), ("-x", nil), ("--zzzzzzzz", nil),
  ])
  func nearestIsFound(typed: String, nearest: String?) {
    #expect(NearestName.of(typed, among: OptionTable.all.map(\.name)) == nearest)
  }

  /// What other programs call an option, initials, and names of more words.
  @Test(arguments: [
    ("lr", "learning-rate"), ("wd", "weight-decay"), ("bs", "batch"), ("batch-size", "batch"),
    ("hidden-size", "hidden"), ("hidden_size", "hidden"), ("epochs", "steps"),
    ("num_layers", "layers"), ("seq-len", "length"), ("ws", nil), ("thresholds", "clip"),
  ])
  func otherNamesAreKnown(typed: String, nearest: String?) {
    #expect(NearestOption.of(typed, among: Command.train.options.map(\.name)) == nearest)
  }

  @Test func longTextCostsNothing() {
    let long = String(repeating: "x", count: 1_000_000)
    #expect(NearestName.of(long, among: OptionTable.all.map(\.name)) == nil)
  }
}
