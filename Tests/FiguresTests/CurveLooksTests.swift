import Testing

@testable import UnrollFigures

@Suite struct CurveLooksTests {
  private func curves(labels: Int, kinds: Int) -> [(label: String, kind: String)] {
    (0..<labels).flatMap { label in
      (0..<kinds).map { (label: "label \(label)", kind: "kind \($0)") }
    }
  }

  private func drawn(_ curves: [(label: String, kind: String)], points: Int) -> [CurveLooks.Curve] {
    curves.enumerated().map { index, curve in
      let rows = (0..<points).map { [Double($0), 1.0] }
      let block = DataBlock(name: "curve\(index)", columns: "x y", rows: rows)
      return CurveLooks.Curve(
        label: curve.label, kind: curve.kind, block: block, using: "1:2")
    }
  }

  /// Three paths in one, two, three and eight layers; more labels than colors.
  @Test(arguments: [(4, 3), (4, 6), (3, 9), (2, 24), (12, 3)])
  func noTwoCurvesLookAlike(_ counts: (labels: Int, kinds: Int)) {
    let curves = curves(labels: counts.labels, kinds: counts.kinds)
    let looks = CurveLooks(curves)
    let samples = curves.map { looks.sample(label: $0.label, kind: $0.kind, title: "") }
    #expect(Set(samples).count == samples.count)
  }

  @Test func aLabelHasOneColorAndAKindItsDashes() {
    let looks = CurveLooks([("rnn", "h"), ("lstm", "h"), ("lstm", "c")])
    #expect(
      looks.sample(label: "lstm", kind: "h", title: "title 't'")
        == "NaN with linespoints pt 4 ps 1 lw 2 dt solid lc rgb '#D55E00' title 't'")
    #expect(
      looks.sample(label: "lstm", kind: "c", title: "")
        .hasPrefix("NaN with linespoints pt 9 ps 1 lw 2 dt (7,4) lc rgb '#D55E00'"))
  }

  /// Of four curves that lie on one another, each has marks where no other has one.
  @Test(arguments: [20, 100, 3000]) func marksStandApart(points: Int) throws {
    let curves = drawn(curves(labels: 2, kinds: 2), points: points)
    let plots = CurveLooks(curves.map { ($0.label, $0.kind) }).plots(curves)
    #expect(plots.count == 8 && plots[..<4].allSatisfy { $0.contains("with lines") })
    let marked = try plots[4...].map { plot in
      let numbers = try #require(plot.firstMatch(of: /every (\d+)::(\d+)/)).output
      let (step, first) = (try #require(Int(numbers.1)), try #require(Int(numbers.2)))
      return Set(stride(from: first, to: points, by: step))
    }
    #expect(marked.allSatisfy { $0.count >= 4 })
    #expect(Set(marked.joined()).count == marked.reduce(0) { $0 + $1.count })
  }

  @Test func aShortCurveHasAMarkAtEachPointAndAnEmptyOneNone() {
    var curves = drawn(curves(labels: 3, kinds: 1), points: 6)
    curves[2].block = DataBlock(name: "empty", columns: "x y", rows: [[0, .nan], [1, .nan]])
    let plots = CurveLooks(curves.map { ($0.label, $0.kind) }).plots(curves)
    #expect(plots.count == 5 && !plots.contains { $0.contains("every") })
    #expect(plots[2].hasPrefix("NaN with lines"))
  }

  @Test func thirtyMarksDifferAndAreNoneOfAnAxis() {
    #expect(Palette.marks.count >= 30 && Set(Palette.marks).count == Palette.marks.count)
    #expect(Palette.marks.allSatisfy { $0.count == 1 && $0.allSatisfy(\.isASCII) })
    #expect(Set(Palette.marks).isDisjoint(with: ["+", "-", "|"]))
  }
}
