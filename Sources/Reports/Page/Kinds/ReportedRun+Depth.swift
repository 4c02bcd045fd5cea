import UnrollFigures
import UnrollFileFormats
import UnrollText

extension ReportedRun {
  /// `unroll depth`: what was measured in each layer. An example without layers has its own picture.
  mutating func readDepth() {
    formulas = [.layers]
    title = files.summary?["title"]?.string ?? "Gradient through the layers"
    text = files.summary?["text"]?.string ?? ""
    if let example = files.option("example") { sizes = "example \(example)" }
    attempt { run in
      guard let table = try run.files.table("depth") else { return }
      run.charts += try run.depthFigure(table).charts
      if !table.rows.isEmpty {
        run.tables.append(PageTable("Layers", table, file: "depth.csv"))
      }
    }
    // An example's own panels are not in the table.
    if files.option("example") != nil || charts.isEmpty, let source = files.picture("depth") {
      pictures.append(("As the run has drawn it", source))
    }
    if let stacks = files.summary?["stacks"]?.array, let table = PageTable("Networks", objects: stacks) {
      tables.insert(table, at: 0)
    }
    if let stacks = files.summary?["stacks"]?.array {
      headline = stacks.prefix(4).compactMap { stack in
        guard let label = stack["label"]?.string, let reach = stack["reach"]?.double else {
          return nil
        }
        return "\(label): layer 1 gets \(NumberText.scientific(reach)) × the last's gradient"
      }.joined(separator: "; ")
    }
  }

  /// The quantities of `depth.csv` that say something.
  func depthFigure(_ table: CSVTable, named: Bool = false) throws -> DepthFigure {
    let (labels, layers) = (try table.texts(inColumn: "label"), try table.values("layer"))
    var panels: [DepthFigure.Panel] = []
    for (column, name, isLogarithmic) in [
      ("hidden_norm_mean", "||∂ℓ/∂h_i||", true),
      ("weight_norm", "||∂ℓ/∂W_i||", true),
      ("relative_update", "||ΔW_i||/||W_i|| of an update", true),
      ("dead_share", "share of dead units", false),
      ("saturated_share", "share of saturated units", false),
      ("activation_spread", "spread of the activations", true),
    ] {
      let values = try table.values(column)
      guard values.contains(where: { $0.isFinite && $0 != 0 }) else { continue }
      panels.append(
        DepthFigure.Panel(
          title: name, plainTitle: name, across: "layer i (input left, output right)",
          isLogarithmic: isLogarithmic,
          lines: table.rows.indices.grouped { labels[$0] }.map { label, places in
            DepthFigure.Line(
              label: named ? "\(folder): \(label)" : label,
              points: places.map { (layers[$0], values[$0]) })
          }))
    }
    return DepthFigure(title: title, subtitle: sizes, panels: panels)
  }
}
