import Testing

@testable import UnrollFigures

/// Zeros on a logarithmic axis.
struct ZeroMarksTests {
  /// Both ends of each stretch of zeros, at the foot of the axis.
  @Test func aStretchOfZerosHasAMarkAtEachEnd() throws {
    let values = [1, 0, 0.5, 0, 0, 0, .nan, 0]
    let marks = try #require(
      ZeroMarks(curve: "curve0", values, at: (0..<8).map(Double.init), foot: -3))
    #expect(marks.block.rows == [[1, -3], [3, -3], [5, -3], [7, -3]])
    #expect(
      ZeroMarks.plot(marks.block.source("1:2"), color: "#000000")
        == "$curve0_zeros using 1:2 with points pt 10 ps 1.2 lc rgb '#000000'")
    #expect(ZeroMarks(curve: "curve0", [1, .nan, 2], at: [0, 1, 2], foot: 0) == nil)
    // A place that the horizontal axis does not have.
    #expect(ZeroMarks(curve: "curve0", [0], at: [.nan], foot: 0) == nil)
  }

  /// A gradient that a window cuts off, and a step that adds nothing.
  @Test func curvesHaveThemOnLogarithmicAxes() {
    let norms = [1, 0.5, 0, 0, 0]
    let decay = DecayFigure(
      curves: [
        .init(
          label: "rnn", path: "h", norms: norms, band: nil, verdict: "bent", rate: nil,
          halfLife: nil, doublingTime: nil)
      ], subtitle: "")
    #expect(decay.script(name: "decay").contains("$curve0_zeros << EOD\n# x foot\n2"))
    func curves(_ scale: CurvesFigure.Scale) -> String {
      CurvesFigure(
        title: "", subtitle: "", horizontal: ("k", .linear), vertical: ("norm", scale),
        curves: [
          .init(label: "rnn", kind: "", points: norms.enumerated().map { (Double($0), $1) })
        ]
      ).script(name: "curves")
    }
    #expect(curves(.logarithmic).contains("$curve0_zeros using 1:2 with points pt 10"))
    #expect(!curves(.linear).contains("_zeros"))
  }
}
