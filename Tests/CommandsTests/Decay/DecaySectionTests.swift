import Foundation
import Testing
import UnrollDenseMath
import UnrollFigures
import UnrollFileFormats
import UnrollGradientFlow
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollStudies
import UnrollTestSupport

@testable import UnrollCommands
@testable import UnrollReports

/// A section of a user's own: the factor g(k+1)/g(k) between successive lags of ‖∂ℓ/∂h‖, and beside
/// it the Frobenius norm of W_hh, which the section measures itself.
private struct FactorsSection: DecaySection {
  struct Factors: Sendable {
    let layer: Int
    let factors: [Double]
    let weightNorm: Double
  }

  let name = "step-factors"

  func measure(_ probe: DecayProbe) -> [Factors] {
    probe.measurement.curves.filter { $0.path == .hidden }.map { curve in
      let weights = probe.model.layout.entries.first { $0.name == "weight_hh_l\(curve.layer)" }
      return Factors(
        layer: curve.layer, factors: zip(curve.means, curve.means.dropFirst()).map { $1 / $0 },
        weightNorm: weights.map { probe.parameters[$0].norm } ?? .nan)
    }
  }

  var tables: [DecayTable<Factors>] {
    [
      DecayTable(
        name, place: ["layer"], values: ["lag", "factor"], place: { [.integer($0.layer)] },
        rows: { $0.factors.enumerated().map { [.integer($0), .number($1)] } })
    ]
  }

  func summary(of entry: Factors) -> [JSONObject] {
    [["layer": .integer(entry.layer), "weight_norm": .number(entry.weightNorm)]]
  }

  func figure(of shown: [MeasuredEntry<Factors>], in report: DecayReport) -> (any Figure)? {
    CurvesFigure(
      title: "Factors between successive lags", subtitle: report.subtitleOfFirstSeed,
      horizontal: ("lag k", .linear), vertical: ("g(k+1)/g(k)", .linear),
      curves: shown.map { measured in
        CurvesFigure.Curve(
          label: measured.label, kind: "factor",
          points: measured.entry.factors.enumerated().map { (Double($0), $1) })
      })
  }

  func printout(
    of shown: [MeasuredEntry<Factors>], in report: DecayReport, unicode: Bool
  ) -> DecayPrintout? {
    DecayPrintout(
      title: "Factors" + report.firstSeedNote, header: ["cell", "lags"],
      rows: shown.map { [$0.label, String($0.entry.factors.count)] }, legend: "lags: of factors")
  }
}

struct DecaySectionTests {
  private static func study(seeds: ClosedRange<UInt64> = 1...1, length: Int = 8) throws
    -> DecayStudy
  {
    let data = try DecayData(AddingTask(length: length, seed: 1), rows: 3)
    return DecayStudy(
      subjects: seeds.flatMap { seed in
        [
          DecaySubject(
            // σ = 0.5 on the diagonal, no activation: every factor is 0.5.
            try! CellSpecification(parsing: "rnn/activation=identity/init=identity:0.5"),
            label: "half", on: data, hidden: 4, seed: seed)
        ]
      }, data: data)
  }

  @Test func aSectionOfOnesOwnReachesEveryFile() throws {
    let runs = try TemporaryRuns()
    let report = try DecayReport(
      measuring: Self.study(seeds: 1...2),
      sections: DecayReport.standardSections + [FactorsSection()])
    try report.write(to: runs.path("run"))

    let table = try CSVTable(path: runs.path("run/step-factors.csv"))
    #expect(table.columnNames == ["label", "cell", "layer", "seed", "lag", "factor"])
    #expect(table.rows.count == 2 * 7)
    #expect(
      table.rows.map { $0[3] } == Array(repeating: "1", count: 7) + Array(repeating: "2", count: 7))
    #expect(table.rows[6].prefix(5) == ["half", "rnn", "0", "1", "6"])
    // Exact but for the rounding of the norms, 2e-16 each.
    for factor in try table.column(named: "factor") { #expect(abs(factor - 0.5) < 1e-14) }

    let summary = try JSONValue(contentsOf: runs.path("run/summary.json"))
    #expect(
      summary.object?.keys
        == [
          "outcome", "folder", "loss", "loss_name", "loss_at", "gradients", "outputs_difference",
          "curves", "measured",
        ] + DecayReport.standardSections.map(\.name) + ["step-factors", "findings", "runs"])
    let entry = try #require(summary["step-factors"]?.array?.first)
    #expect(entry.object?.keys == ["label", "cell", "seed", "layer", "weight_norm"])
    // ‖0.5 I‖_F of 4 units.
    #expect(entry["weight_norm"]?.double == 1 && entry["seed"] == 1)

    let script = try runs.text("run/step-factors.gp")
    #expect(script.contains("Factors between successive lags") && script.contains("seed 1"))
    // One curve: a figure shows one seed of several.
    #expect(script.contains("$curve0") && !script.contains("$curve1"))

    let test = TestTerminal()
    report.print(on: test.terminal, folder: "run")
    #expect(
      test.output.text.contains(
        "\nFactors, seed 1\n  cell  lags\n  half     7\n\nlags: of factors\n"))
  }

  @Test func withoutItNoneIsLeft() throws {
    let runs = try TemporaryRuns()
    let study = try Self.study()
    let sections: [any DecaySection] = [FactorsSection()]
    try DecayReport(measuring: study, sections: sections).write(to: runs.path("run"))
    #expect(runs.files(in: "run")?.contains("step-factors.csv") == true)
    #expect(runs.files(in: "run")?.contains("formats.csv") == false)
    // A report that has the section, of a study without models, takes its files away.
    try DecayReport(study, [], sections: sections).write(to: runs.path("run"))
    #expect(runs.files(in: "run")?.contains { $0.hasPrefix("step-factors") } == false)
  }

  /// The documentation's example gives what the program gives for the same cells.
  @Test func aLibraryUserGetsTheProgramsFiles() throws {
    let runs = try TemporaryRuns()
    let data = try DecayData(AddingTask(length: 12, seed: 1), rows: 3)
    let study = DecayStudy(
      subjects: [
        DecaySubject(CellSpecification(.rnn), on: data, hidden: 3),
        DecaySubject(CellSpecification(.lstm), on: data, hidden: 3),
      ], data: data, cuts: [1, 5], exponents: ExponentPlan(steps: 12))
    try DecayReport(measuring: study).write(to: runs.path("library"), formats: [])

    let outcome = runs.decay(
      "--cells", "rnn,lstm", "--length", "12", "--truncation", "1,5", "--exponents")
    #expect(outcome.status == .done, "\(outcome.errors)")
    let written = try #require(runs.files(in: "library")).filter { !$0.hasSuffix(".gp") }
    // Those of remedies have times, which differ; `DecayRemediesTests` compares the rest.
    let sections = DecayReport.standardSections.filter { $0.name != "remedies" }
    let tables = ["decay"] + sections.flatMap(\.tableNames)
    #expect(written == (tables.map { "\($0).csv" } + ["summary.json"]).sorted())
    let summaries = try ["library", "run"].map {
      try JSONValue(contentsOf: runs.path("\($0)/summary.json")).withoutRun
    }
    #expect(summaries[0] == summaries[1])
    for name in written {
      if name == "summary.json" { continue }
      #expect(try runs.text("library/\(name)") == runs.text("run/\(name)"), "\(name)")
    }
  }

  /// A saved model needs nothing but its file and data of its sizes.
  @Test func aSavedModelIsMeasuredOnDataOfItsSizes() throws {
    let runs = try TemporaryRuns()
    let model = runs.train("adding", ["--length", "6"]).model
    let data = try DecayData(AddingTask(length: 6, seed: 1), rows: 3)
    let study = DecayStudy(subjects: [try DecaySubject(modelAt: model, on: data)], data: data)
    let report = try DecayReport(measuring: study)
    #expect(report.models.map { $0.curves.map(\.curve.count) } == [[6, 6, 6]])
    #expect(report.isComplete)

    let copying = try DecayData(CopyTask(length: 6, seed: 1), rows: 3)
    #expect(throws: ModelFitError.self) { try DecaySubject(modelAt: model, on: copying) }
  }

  @Test func aBatchOfOnesOwnIsMeasured() throws {
    let task = try AddingTask(length: 5, seed: 3)
    let batch = try DecayData(task, rows: 2).batch()
    let data = DecayData(named: "mine", batch)
    let study = DecayStudy(
      subjects: [DecaySubject(CellSpecification(.gru), on: data, hidden: 2)], data: data)
    let report = try DecayReport(measuring: study)
    let gru = try #require(report.models.first)
    let curves = DecayCurve.measure(
      gru.subject.model,
      gru.subject.model.initialParameters(CellSpecification(.gru), seed: 1), batch: batch)
    #expect(gru.curves.map(\.curve.means) == curves.map(\.means))
    #expect(report.subtitle.hasPrefix("mine, T = 5, H = 2, B = 2"))
  }

  /// Without gnuplot the scripts are there and the pictures' absence is told.
  @Test func missingPicturesAreTold() throws {
    let runs = try TemporaryRuns()
    let report = try DecayReport(measuring: Self.study(), sections: [FormatsSection()])
    let missing = try report.write(to: runs.path("run"), gnuplot: nil)
    let files = try #require(runs.files(in: "run"))
    let scripts = files.filter { $0.hasSuffix(".gp") }
    #expect(missing == Array(repeating: .gnuplotMissing, count: scripts.count))
    #expect(scripts.contains("decay.gp") && scripts.contains("formats.gp"))
    #expect(
      files.filter { !scripts.contains($0) } == ["decay.csv", "formats.csv", "summary.json"])
  }
}
