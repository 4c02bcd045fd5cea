import UnrollFileFormats
import UnrollStudies
import UnrollText

extension ReportedRun {
  /// The figure of `decay --remedies` from `remedies.csv` and `remedies-curves.csv`, of the first seed.
  mutating func readRemedies() throws {
    guard let table = try files.table("remedies"),
      let points = try files.table(RemediesSection.curves)
    else { return }
    let names = ["label", "seed", "change", "changed_cell", "weights"]
    guard
      (names + ["needed", "reach", "reach_censored", "window_end"])
        .allSatisfy(table.columnNames.contains),
      (names + ["share"]).allSatisfy(points.columnNames.contains)
    else { return }
    func keys(_ table: CSVTable) throws -> [[String]] {
      let columns = try names.map { try table.texts(inColumn: $0) }
      return table.rows.indices.map { row in columns.map { $0[row] } }
    }
    let shares = Dictionary(
      uniqueKeysWithValues: zip(try keys(points), try points.values("share"))
        .grouped(by: \.0).map { ($0.key, $0.elements.map(\.1)) })
    let (reaches, censored) = (
      try table.texts(inColumn: "reach"), try table.values("reach_censored")
    )
    let rows = try keys(table)
    let curves = rows.enumerated().compactMap { place, key -> RemedyCurve? in
      guard key[1] == rows[0][1], !key[2].hasPrefix(Remedy.windowName), let shares = shares[key]
      else {
        return nil
      }
      return RemedyCurve(
        label: key[0], cell: key[2] == Remedy.asGivenName ? key[0] : key[3], change: key[2],
        weights: key[4],
        reach: reaches[place].isEmpty
          ? "-" : (censored[place] == 1 ? "≥ " : "") + reaches[place], shares: shares)
    }
    func lag(_ column: String) throws -> Int? {
      try table.values(column).first.flatMap { Int(exactly: $0) }
    }
    charts.append(
      RemedyCurve.figure(
        of: curves, needed: try lag("needed"), window: try lag("window_end"), subtitle: sizes
      ).chart)
  }
}
