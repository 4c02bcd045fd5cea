import Foundation
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports
@testable import UnrollStudies

extension TemporaryRuns {
  /// Runs `unroll decay` into the folder `run`, with small sizes where `words` has no others and
  /// measures fresh cells.
  @discardableResult
  func decay(_ words: String...) -> Outcome {
    let isFresh = words.contains("--cells") || !words.contains("--runs")
    let sizes = words.contains("--model") ? [] : (isFresh ? ["--hidden"] : []) + ["--batch"]
    let missing = sizes.filter { !words.contains($0) }.flatMap { [$0, "3"] }
    defer { awaitRelease(of: "run") }
    return run(["decay"] + words + missing + ["--out", path("run"), "--quiet"])
  }

  /// `decay.csv` of the last run.
  func decayTable() throws -> DecayRows {
    try DecayRows(CSVTable(path: path("run/decay.csv")))
  }

  /// The file `name` among another module's goldens.
  static func golden(_ name: String, of suite: String = "GradientFlowTests") -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "\(suite)/Goldens/\(name).safetensors").path
  }
}

/// The norms of a `decay.csv` by h and c, row by row in its order.
struct DecayRows {
  let lags: [Double]
  let layers: [Double]
  let norms: [String: [Double]]

  init(_ table: CSVTable) throws {
    let paths = try table.texts(inColumn: "path")
    func column(_ name: String) throws -> [Double] {
      zip(try table.column(named: name), paths).filter { !$0.1.hasPrefix("state") }.map(\.0)
    }
    lags = try column("lag")
    layers = try column("layer")
    var norms: [String: [Double]] = [:]
    for name in ["norm_mean", "norm_geomean", "norm_p10", "norm_median", "norm_p90"] {
      norms[name] = try column(name)
    }
    self.norms = norms
  }

  var means: [Double] { norms["norm_mean"] ?? [] }
}
