import Testing

@testable import UnrollFigures

@Suite struct CurveLooksTests {
  private func styles(labels: Int, kinds: Int, points: Int) -> [String] {
    let curves = (0..<labels).flatMap { label in
      (0..<kinds).map { (label: "label \(label)", kind: "kind \($0)") }
    }
    let looks = CurveLooks(curves)
    return curves.map { looks.style(label: $0.label, kind: $0.kind, points: points) }
  }

  /// Three paths in one, two, three and eight layers; more labels than colors.
  @Test(arguments: [(4, 3), (4, 6), (3, 9), (2, 24), (12, 3)], [10, 100])
  func noTwoCurvesLookAlike(_ counts: (labels: Int, kinds: Int), points: Int) {
    let styles = styles(labels: counts.labels, kinds: counts.kinds, points: points)
    #expect(Set(styles).count == styles.count)
  }

  @Test func dashesComeBeforeMarks() {
    let curves = (0..<Palette.dashes.count + 1).map { (label: "lstm", kind: "\($0)") }
    let looks = CurveLooks(curves)
    let styles = curves.map { looks.style(label: $0.label, kind: $0.kind, points: 100) }
    #expect(styles[0] == "lines lw 2 dt solid lc rgb '#0072B2'")
    #expect(styles.dropLast().allSatisfy { $0.hasPrefix("lines ") })
    #expect(styles.last == "linespoints pt 5 ps 0.8 pi 8 lw 2 dt solid lc rgb '#0072B2'")
  }

  @Test func thirtyMarksDiffer() {
    #expect(Palette.marks.count >= 30 && Set(Palette.marks).count == Palette.marks.count)
    #expect(Palette.marks.allSatisfy { $0.count == 1 && $0.allSatisfy(\.isASCII) })
  }
}
