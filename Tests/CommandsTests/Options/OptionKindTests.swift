import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands

struct OptionKindTests {
  @Test func integersAreReadWithinTheirRange() throws {
    let kind = OptionKind.integer(1...64)
    guard case .integer(64)? = try kind.value(from: "64") else {
      Issue.record("64 is not read")
      return
    }
    guard case .integer(10)? = try kind.value(from: "1e1") else {
      Issue.record("1e1 is not read")
      return
    }
    for text in [
      "0", "65", "-1", "", " 3", "3 ", "1e2", "1.5e0", "1e-1", "0x10", "1.0", "1,000", "nan",
      "99999999999999999999999", "٣",
    ] {
      #expect(try kind.value(from: text) == nil, "\(text)")
    }
  }

  /// A folder stands for the file in it that the option is for, on the command line and in `config.json`.
  @Test func aFolderStandsForTheFileInIt() throws {
    let runs = try TemporaryRuns()
    let kind = OptionKind.file(named: "model.safetensors")
    let (folder, empty) = (runs.path("run"), runs.path("empty"))
    for path in [folder, empty] {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    try Data().write(to: URL(filePath: "\(folder)/model.safetensors"))
    for text in [folder, folder + "/", "\(folder)/model.safetensors"] {
      #expect(kind.normalized(text) == "\(folder)/model.safetensors")
      guard case .text("\(folder)/model.safetensors")? = try kind.value(from: text) else {
        Issue.record("\(text) is not read")
        return
      }
    }
    #expect(try kind.value(from: empty) == nil && kind.value(from: "") == nil)
    // What is not there is said where it is read.
    #expect(try kind.value(from: runs.path("nothing")) != nil)
    #expect(JSONValue.string(folder).text(for: kind) == folder)
  }

  @Test func realsAreFiniteAndWithinTheirRange() throws {
    for text in ["nan", "inf", "-inf", "infinity", "1e999", "-1e999", "", "x", "1,5", "0", "-1"] {
      #expect(try OptionKind.real(.positive).value(from: text) == nil, "\(text)")
    }
    guard case .real(let number)? = try OptionKind.real(.positive).value(from: "1e-3") else {
      Issue.record("1e-3 is not read")
      return
    }
    #expect(number == 0.001)
  }

  @Test func rangesKeepTheirBounds() {
    let cases: [(range: RealRange, inside: [Double], outside: [Double])] = [
      (.positive, [1e-300, 5], [0, -1]),
      (.nonNegative, [0, 5], [-1e-300]),
      (.decay, [0, 0.999], [1, -0.1]),
      (.shrinking, [1, 0.1], [0, 1.1]),
      (.finite, [-1e300, 1e300], [.nan, .infinity, -.infinity]),
    ]
    for (range, inside, outside) in cases {
      for x in inside { #expect(range.contains(x), "\(x) in \(range)") }
      for x in outside { #expect(!range.contains(x), "\(x) in \(range)") }
    }
  }

  @Test func listsHaveNoEmptyElements() throws {
    guard case .integers(let numbers)? = try OptionKind.integerList(1...9).value(from: "1,2,9")
    else {
      Issue.record("1,2,9 is not read")
      return
    }
    #expect(numbers == [1, 2, 9])
    for text in ["", ",", "1,", ",1", "1,,2", "1,10", "1,x"] {
      #expect(try OptionKind.integerList(1...9).value(from: text) == nil, "\(text)")
    }
    for text in ["", ",", "a,", "a,,b"] {
      #expect(try OptionKind.textList.value(from: text) == nil, "\(text)")
    }
  }

  @Test func textsAreNotEmptyUnlessAllowed() throws {
    #expect(try OptionKind.text().value(from: "") == nil)
    #expect(try OptionKind.text(allowsEmpty: true).value(from: "") != nil)
  }
}
