import UnrollFigures
import UnrollFileFormats
import UnrollText

extension ReportedRun {
  /// `unroll predict`: what was observed, predicted and forecast of each column of a series; outputs for
  /// sequences are a table.
  mutating func readPrediction() {
    title = [files.option("column") ?? files.option("target"), title].compactMap(\.self)
      .joined(separator: ", predicted by ")
    attempt { run in
      guard let table = try run.files.table("predict") else { return }
      run.add(PageTable("Predictions", table, file: "predict.csv"))
      run.charts += try run.predictionCharts(table)
    }
    addSummary(except: [])
    addTables(except: ["predict"])
  }

  /// A plot for each column that is predicted: `observed, predicted, forecast`, or with the column's name
  /// before them. The first column is the index; one that is no number, as a date, is counted.
  private func predictionCharts(_ table: CSVTable) throws -> [Chart] {
    let observed = "observed"
    let starts = table.columnNames.filter { $0 == observed || $0.hasSuffix("_" + observed) }
      .map { $0.dropLast(observed.count) }
    let index = try? table.values(table.columnNames[0])
    let places = index ?? table.rows.indices.map { Double($0 + 1) }
    return try starts.map { start in
      let curves = try [observed, "predicted", "forecast"].map { kind in
        CurvesFigure.Curve(
          label: kind, kind: "",
          points: zip(places, try table.values(start + kind)).map { (x: $0, y: $1) })
      }
      let name = start.isEmpty ? "the series" : String(start.dropLast())
      return CurvesFigure(
        title: "Prediction of \(name)", subtitle: sizes,
        // A name of a column is no markup.
        horizontal: (index == nil ? "row" : "index", .linear), vertical: ("value", .linear),
        curves: curves
      ).chart
    }
  }
}
