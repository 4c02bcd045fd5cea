import Testing
import UnrollDenseMath
import UnrollFigures
import UnrollGradientFlow
import UnrollOptimization
import UnrollRecurrentCells
import UnrollReports
import UnrollSequenceTasks
import UnrollStudies

/// The figure of measured curves.
struct DecayFigureCurvesTests {
  private func curve(
    _ path: DecayPath, layer: Int = 0, _ norms: [[Double]]
  ) -> DecayCurve { DecayCurve(layer: layer, path: path, norms: norms) }

  /// g(k) = 0.5^k: rate 0.5, half-life 1; quantiles of two rows lie between them.
  @Test func aCurveIsFittedAndHasABand() throws {
    let norms = (0..<6).map { lag in
      let norm = 1 / Double(1 << lag)
      return [0.5 * norm, 1.5 * norm]
    }
    let figure = DecayFigure(curves: [("rnn", curve(.hidden, norms))], subtitle: "mine")
    let shown = try #require(figure.curves.first)
    #expect(figure.curves.count == 1 && figure.subtitle == "mine")
    #expect(shown.label == "rnn" && shown.path == "h")
    #expect(shown.norms == [1, 0.5, 0.25, 0.125, 0.0625, 0.03125])
    #expect(shown.verdict == "exponential")
    // Logarithms of powers of 2 and sums of six of them: some 1e-16.
    #expect(abs(try #require(shown.rate) - 0.5) < 1e-14)
    #expect(abs(try #require(shown.halfLife) - 1) < 1e-14)
    // The quantile 0.1 of two values lies a tenth of the way between them.
    let band = try #require(shown.band)
    #expect(abs(band.low[0] - 0.6) < 1e-14 && abs(band.high[0] - 1.4) < 1e-14)
    #expect(figure.script(name: "decay").contains("rnn h: 0.500/step, half-life 1.0"))
  }

  /// `state` is `h` without c, and lies on h and c with it; alone it is a curve of its own.
  @Test func theStateIsDrawnAlone() {
    let norms = [[1.0], [0.5]]
    let figure = DecayFigure(
      curves: [
        ("rnn", curve(.hidden, norms)), ("rnn", curve(.state, norms)),
        ("lstm", curve(.hidden, norms)), ("lstm", curve(.cell, norms)),
        ("lstm", curve(.state, norms)), ("alone", curve(.state, norms)),
      ], subtitle: "")
    #expect(
      figure.curves.map { "\($0.label) \($0.path)" } == [
        "rnn h", "lstm h", "lstm c", "alone state",
      ])
  }

  @Test func layersAreNamedWhereThereAreSeveral() {
    let figure = DecayFigure(
      curves: [
        ("rnn", curve(.hidden, layer: 0, [[1]])), ("rnn", curve(.hidden, layer: 1, [[1]])),
      ], subtitle: "", levels: [("one", 1)])
    #expect(figure.curves.map(\.path) == ["h l0", "h l1"])
    #expect(figure.levels.map(\.name) == ["one"])
  }

  /// The documentation's example.
  @Test func measuredCurvesMakeAFigure() throws {
    let task = try AddingTask(length: 12, seed: 1)
    let data = try DecayData(task, rows: 3)
    var curves: [(label: String, curve: DecayCurve)] = []
    for cell in [CellSpecification(.rnn), CellSpecification(.lstm)] {
      let model = RecurrentModel(
        cell, ModelConfiguration(input: task.input, target: task.target, hidden: 4))
      let parameters: Parameters<Double> = model.initialParameters(cell, seed: 1)
      let measured = GradientMeasurement.measure(model, parameters, batch: data.batch())
      curves += measured.curves.map { (cell.description, $0) }
    }
    let figure = DecayFigure(curves: curves, subtitle: "adding, T = 12, at initialization")
    #expect(
      figure.curves.map { "\($0.label) \($0.path)" } == ["rnn h", "lstm h", "lstm c"])
    #expect(figure.curves.allSatisfy { $0.norms.count == 12 })
    // What the program's own figure shows of the same models.
    let report = try DecayReport(
      measuring: DecayStudy(
        subjects: [
          DecaySubject(CellSpecification(.rnn), on: data, hidden: 4),
          DecaySubject(CellSpecification(.lstm), on: data, hidden: 4),
        ], data: data), sections: [])
    #expect(report.figure.curves.map(\.norms) == figure.curves.map(\.norms))
    #expect(report.figure.curves.map(\.rate) == figure.curves.map(\.rate))
  }
}
