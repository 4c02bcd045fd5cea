import Testing

@testable import UnrollFigures

@Suite struct KeyBelowTests {
  /// Each entry's text, and the pixel where it begins.
  private func entries(_ names: [String], finding: String = "") throws -> [(text: String, x: Int)] {
    let key = KeyBelow(names.map { ($0, finding) }, below: 481)
    return try names.indices.map { index in
      let title = key.title(index)
      let match = try #require(title.firstMatch(of: /title '(.*)' at ([0-9.]+),/)).output
      return (String(match.1), Int((900 * (Double(match.2) ?? .nan)).rounded()))
    }
  }

  @Test(arguments: [1, 2, 5, 11, 24], [4, 30, 60, 130])
  func entriesNeitherTouchNorLeaveTheCanvas(count: Int, length: Int) throws {
    let names = (0..<count).map { "\($0) " + String(repeating: "m", count: length) }
    let entries = try entries(names, finding: "half-life 4.6")
    #expect(entries.allSatisfy { $0.text.hasSuffix(": half-life 4.6") })
    for entry in entries {
      let end = Double(entry.x) + TextWidth.pixels(entry.text)
      #expect(end <= 880)
      // The sample of the next column, which begins 46 pixels before its text.
      let next = entries.map(\.x).filter { $0 > entry.x }.min()
      #expect(next.map { end < Double($0 - 46) } ?? true)
    }
    let columns = Set(entries.map(\.x)).count
    #expect(length > 4 || columns == min(count, 3))
  }

  @Test func theCanvasEndsBelowTheLastRow() {
    func height(_ count: Int) -> Int {
      KeyBelow((0..<count).map { ("\($0)", "") }, below: 481).canvasHeight
    }
    #expect(height(1) == height(3) && height(6) == height(3) + 18)
    #expect(height(0) == height(1))
  }
}
