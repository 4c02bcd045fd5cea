import UnrollFigures
import UnrollFileFormats
import UnrollText

extension ReportedRun {
  /// `unroll depth`: what was measured in each layer. An example without layers has its own picture.
  mutating func readDepth() {
    title = files.summary?["title"]?.string ?? "Gradient through the layers"
    text = files.summary?["text"]?.string ?? ""
    if let example = files.option("example") { sizes = "example \(example)" }
    attempt { run in
      guard let table = try run.files.table("depth") else { return }
      guard !table.rows.isEmpty else { return }
      run.formulas = [.layers]
      run.add(PageTable("Layers", table, file: "depth.csv"))
      let figure = try run.depthFigure(table)
      run.depth = figure
      run.charts += figure.charts
    }
    // An example's own panels are not in the table.
    if files.option("example") != nil || charts.isEmpty, let picture = files.picture("depth") {
      pictures.append(("As the run has drawn it", picture))
    }
    if let stacks = files.summary?["stacks"]?.array,
      let table = PageTable("Networks", objects: stacks)
    {
      tables.insert(table, at: 0)
    }
    if let stacks = files.summary?["stacks"]?.array {
      headline = Self.headline(
        stacks.compactMap { stack in
          guard let label = stack["label"]?.string, let reach = stack["reach"]?.double else {
            return nil
          }
          return "\(label): layer 1 gets \(NumberText.significant(reach)) × the last's gradient"
        })
    }
  }

  /// The title of the panel by which networks are compared.
  static let outputNorm = "||∂ℓ/∂h_i||"

  /// The quantities of `depth.csv` that say something.
  private func depthFigure(_ table: CSVTable) throws -> PanelsFigure {
    let (labels, layers) = (try table.texts(inColumn: "label"), try table.values("layer"))
    var panels: [PanelsFigure.Panel] = []
    for (column, plain, name, isLogarithmic) in [
      ("hidden_norm_mean", "Gradient by the layers’ outputs", Self.outputNorm, true),
      ("weight_norm", "Gradient by the layers’ weights", "||∂ℓ/∂W_i||", true),
      ("relative_update", "Size of an update", "||ΔW_i||/||W_i||", true),
      ("dead_share", "Dead units", "share", false),
      ("saturated_share", "Saturated units", "share", false),
      ("activation_spread", "Spread of the activations", "standard deviation", true),
    ] {
      let values = try table.values(column)
      guard values.contains(where: { $0.isFinite && $0 != 0 }) else { continue }
      panels.append(
        PanelsFigure.Panel(
          title: name, plainTitle: plain, across: "layer i (input left, output right)",
          isLogarithmic: isLogarithmic,
          lines: table.rows.indices.grouped { labels[$0] }.map { label, places in
            PanelsFigure.Line(
              label: label, points: places.map { (layers[$0], values[$0]) })
          }))
    }
    return PanelsFigure(title: title, subtitle: sizes, panels: panels)
  }
}
