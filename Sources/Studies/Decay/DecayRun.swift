import Foundation
import UnrollFileFormats
import UnrollGradientFlow
import UnrollText

/// The curves of an earlier `unroll decay`, read from its folder's `decay.csv`.
public struct DecayRun: Sendable {
  /// A curve as the file has it, fitted anew. Over several seeds, it is the curve of their means.
  public struct Curve: Sendable {
    /// The label in the file.
    public let label: String
    /// The path, followed by its layer where the run has several: `h l0`. That of what enters last
    /// is `h_last`.
    public let path: String
    /// The mean norm at each lag.
    public let means: [Double]
    /// The 10th and 90th percentile at each lag, over the rows of the batch or over seeds.
    public let band: (low: [Double], high: [Double])
    /// The fit through the means, without an interval of the rate.
    public let fit: DecayFit
  }

  /// The columns of `decay.csv`.
  public static let columns = [
    "label", "cell", "layer", "path", "seed", "lag", "norm_mean", "norm_geomean", "norm_p10",
    "norm_median", "norm_p90",
  ]

  /// The folder as it was given.
  public let folder: String
  /// One for each label, layer and path; `state` only where the label has a curve of c.
  public let curves: [Curve]
  /// The file's rows under ``columns``, with the folder before each label.
  public let rows: [[CSVField]]

  /// Reads `decay.csv` in a folder.
  ///
  /// - Throws: `FileError` for a file that cannot be read or is no table of decay curves.
  public init(folder: String) throws {
    self.folder = folder
    let table = try CSVTable(path: "\(folder)/decay.csv")
    let rows = try DecayRunRow.rows(of: table)
    let texts = Self.columns.map { try? table.texts(inColumn: $0) }
    self.rows = rows.indices.map { row in
      zip(Self.columns, texts).map { column, texts in
        let text = texts?[row] ?? ""
        return column == "label" ? .text("\(folder): \(text)") : CSVField(text, of: column)
      }
    }
    var keys: [DecayRunRow.Key] = []
    for row in rows where !keys.contains(row.key) { keys.append(row.key) }
    let injected = Self.injectedCurves(in: folder)
    let hasLayers = rows.contains { $0.key.layer != "0" }
    curves = keys.filter { key in
      // Without c, the state is h.
      !key.path.hasPrefix(DecayPath.state.rawValue)
        || keys.contains { $0.label == key.label && $0.path == DecayPath.cell.rawValue }
    }.map { key in
      Self.curve(key, rows.filter { $0.key == key }, entry(of: key), hasLayers: hasLayers)
    }

    /// A curve beside which the file has that of what enters last has gradient entering before; one
    /// without it, where nothing enters last, is known by its verdict.
    func entry(of key: DecayRunRow.Key) -> GradientEntry {
      if key.path.hasSuffix(DecayCurve.lastSuffix) { return .lastOfSeveral }
      var last = key
      last.path += DecayCurve.lastSuffix
      return keys.contains(last) || injected.contains(key) ? .severalSteps : .once
    }
  }

  /// The curves of the verdict `injected` in the folder's `summary.json`; none without such a file.
  private static func injectedCurves(in folder: String) -> Set<DecayRunRow.Key> {
    let curves = (try? JSONValue(contentsOf: "\(folder)/summary.json"))?["curves"]?.array ?? []
    return Set(
      curves.compactMap { curve in
        guard curve["verdict"]?.string == DecayFit.Verdict.injected.rawValue,
          let label = curve["label"]?.string, let layer = curve["layer"]?.int,
          let path = curve["path"]?.string
        else { return nil }
        return DecayRunRow.Key(label: label, layer: String(layer), path: path)
      })
  }

  private static func curve(
    _ key: DecayRunRow.Key, _ rows: [DecayRunRow], _ entry: GradientEntry, hasLayers: Bool
  ) -> Curve {
    let norms = rows.grouped(by: \.lag).sorted { $0.key < $1.key }
      .map { $0.elements.map(\.mean) }
    let curve = DecayCurve(layer: 0, path: .hidden, norms: norms, entry: entry)
    let hasSeeds = norms.contains { $0.count > 1 }
    return Curve(
      label: key.label, path: hasLayers ? "\(key.path) l\(key.layer)" : key.path,
      means: curve.means,
      band: hasSeeds
        ? (curve.quantiles(0.1), curve.quantiles(0.9)) : (rows.map(\.low), rows.map(\.high)),
      // The table has no rows to resample, and nothing shows an interval.
      fit: DecayFit(curve, resamples: 0))
  }
}

extension CSVField {
  /// A field of `decay.csv`, as what it is in that column; blank for what an earlier version's file does
  /// not have.
  fileprivate init(_ text: String, of column: String) {
    let field: CSVField? =
      switch column {
      case "layer", "seed", "lag": Int(text).map { .integer($0) }
      case "cell", "path": .text(text)
      default: CSVNumber.written(text).map { .number($0) }
      }
    self = field ?? (text.isEmpty ? .blank : .text(text))
  }
}

/// A row of `decay.csv`.
private struct DecayRunRow {
  struct Key: Hashable {
    let label: String
    let layer: String
    var path: String
  }

  let key: Key
  let lag: Double
  let mean: Double
  let low: Double
  let high: Double

  static func rows(of table: CSVTable) throws(FileError) -> [DecayRunRow] {
    let (labels, layers) = (
      try table.texts(inColumn: "label"), try table.texts(inColumn: "layer")
    )
    let (paths, lags) = (try table.texts(inColumn: "path"), try table.column(named: "lag"))
    let (means, lows, highs) = (
      try table.measured(inColumn: "norm_mean"), try table.measured(inColumn: "norm_p10"),
      try table.measured(inColumn: "norm_p90")
    )
    return labels.indices.map {
      DecayRunRow(
        key: Key(label: labels[$0], layer: layers[$0], path: paths[$0]), lag: lags[$0],
        mean: means[$0], low: lows[$0], high: highs[$0])
    }
  }
}
