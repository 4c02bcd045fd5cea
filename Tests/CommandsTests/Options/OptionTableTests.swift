import Testing

@testable import UnrollCommandLine
@testable import UnrollCommands

struct OptionTableTests {
  @Test func namesAreDifferent() {
    let names = OptionTable.all.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test(arguments: OptionTable.all.map(\.name))
  func rowsAreSound(name: String) throws {
    let spec = OptionTable.row(name)
    #expect(name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") })
    #expect(!spec.summary.isEmpty && !spec.summary.hasSuffix("."))
    if case .flag = spec.kind {
      #expect(spec.placeholder.isEmpty && spec.defaultValue.shown == nil)
    } else {
      #expect(!spec.placeholder.isEmpty)
    }
    if let text = spec.defaultValue.text {
      #expect(try spec.kind.value(from: text) != nil, "its own default is refused: \(text)")
    }
  }

  @Test func overridingChangesOnlyWhatIsNamed() {
    let row = OptionTable.row("resume").overriding(default: .value("x"))
    #expect(row.defaultValue.text == "x" && row.defaultValue.shown == "x")
    #expect(row.summary == OptionTable.row("resume").summary)
    #expect(row.placeholder == "FILE" && !row.isRecorded)
  }
}
