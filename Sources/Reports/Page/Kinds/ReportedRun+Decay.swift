import Foundation
import UnrollFigures
import UnrollFileFormats
import UnrollGradientFlow
import UnrollStudies
import UnrollText

extension ReportedRun {
  /// `unroll decay`: the curves of `decay.csv`, and those of every section that the run has.
  mutating func readDecay() {
    formulas = [.decayCurve, .decayFit]
    let cells = files.option("cells")?.replacing(/, */, with: ", ")
    title = [title, cells].compactMap(\.self).joined(separator: ", ")
    var drawn: [String] = []
    attempt { run in
      guard run.files.hasTable("decay") else { return }
      let figure = DecayFigure(
        curves: try DecayRun(folder: run.folder).figureCurves, subtitle: run.sizes)
      run.decay = figure
      run.charts.append(figure.chart)
      run.headline = Self.headline(
        figure.curves.map { "\($0.label) \($0.path): \($0.finding)" })
      drawn.append("decay")
    }
    add(files.summary?["curves"]?.array.flatMap { PageTable("Curves", objects: $0) })
    for lines in CSVLines.decay {
      attempt { run in
        guard let table = try run.files.table(lines.file),
          let chart = try lines.chart(of: table, subtitle: run.sizes)
        else { return }
        run.charts.append(chart)
        // A figure of some rows leaves the table to show the others.
        if lines.only == nil { drawn.append(lines.file) }
      }
    }
    attempt { try $0.readRemedies() }
    findings = (files.summary?["findings"]?.array ?? []).compactMap(\.string)
    addTables(except: drawn + [RemediesSection.curves])
    addSummary(except: ["curves", "folder", "truncation", "remedies", "findings"])
  }
}

extension ReportedRun {
  /// The first findings, and how many there are besides.
  static func headline(_ findings: [String]) -> String {
    let most = findings.count == 5 ? 5 : 4
    return
      (findings.prefix(most) + (findings.count > most ? ["and \(findings.count - most) more"] : []))
      .joined(separator: "; ")
  }
}

/// Lines that a table of a run's folder holds.
struct CSVLines {
  /// The file's name without `.csv`.
  let file: String
  let title: String
  let across: (column: String, title: String, scale: CurvesFigure.Scale)
  let upright: (title: String, scale: CurvesFigure.Scale)
  /// The columns of values, each with what its lines are called; nil for one column whose name needs no
  /// saying.
  let values: [(column: String, name: String?)]
  /// The columns that distinguish lines besides the label and the values.
  let kinds: [String]
  var levels: [(name: String, value: Double)] = []
  /// Whether the values are natural logarithms of what is drawn.
  var areLogarithms = false
  /// Rows without this value in the column are left out.
  var only: (column: String, value: String)?

  private static let lag: (column: String, title: String, scale: CurvesFigure.Scale) = (
    "lag", "lag k: steps before the loss", .linear
  )

  /// Those of `unroll decay` besides `decay.csv`.
  static let decay = [
    CSVLines(
      file: "contributions", title: "What each time step adds to the weights’ gradients",
      across: lag, upright: ("||∂L/∂W at step T−k||", .logarithmic), values: [("norm", nil)],
      kinds: ["weight", "layer"]),
    CSVLines(
      file: "gates", title: GatesSection.title, across: lag,
      upright: (GatesSection.left, .logarithmic),
      values: GatesSection.lines.map { ($0.column, $0.name) }, kinds: ["layer"],
      areLogarithms: true),
    CSVLines(
      file: "formats", title: "Where number formats run out", across: lag,
      upright: ("largest element of the gradient", .logarithmic),
      values: [("largest_element", nil)], kinds: ["path", "layer"], levels: NumberFormat.levels),
    CSVLines(
      file: "truncation", title: "What is left out of the gradient when it is cut after K steps",
      across: ("steps", "K: steps that are backpropagated through", .logarithmic),
      upright: ("||g_K − g|| / ||g||", .logarithmic),
      values: [("relative_bias", "measured"), ("predicted_bias", "predicted by the decay curve")],
      kinds: [], only: ("parameter", "all")),
    CSVLines(
      file: "exponents", title: "Lyapunov exponents",
      across: ("index", "index of the exponent", .linear), upright: ("ln per step", .linear),
      values: [("exponent", nil)], kinds: ["layer"]),
    CSVLines(
      file: "exponents-convergence", title: "The largest Lyapunov exponent as more steps count",
      across: ("steps", "steps counted", .linear), upright: ("ln per step", .linear),
      values: [("exponent", nil)], kinds: ["layer"], only: ("index", "1")),
    CSVLines(
      file: "singular-values", title: "Singular values of the Jacobian over k steps",
      across: ("index", "index of the singular value", .linear),
      upright: ("natural logarithm of the singular value of ∂s_T/∂s_{T−k}", .linear),
      values: [("log_singular_value", nil)], kinds: ["layer", "lag"]),
  ]

  /// What stands before a value of these columns in a line's name.
  private static let marks = ["layer": "l", "lag": "k = "]

  /// The lines as a chart, of the first seed where there are several; nil where the table has not these
  /// columns, as one of an own section with this name.
  ///
  /// - Throws: `FileError` for a field that is no number.
  func chart(of table: CSVTable, subtitle: String) throws -> Chart? {
    let columns =
      ["label", across.column] + values.map(\.column) + [only?.column].compactMap(\.self)
    guard columns.allSatisfy(table.columnNames.contains) else { return nil }
    let labels = try table.texts(inColumn: "label")
    let places = try table.values(across.column)
    let seeds = try? table.texts(inColumn: "seed")
    let kinds = try self.kinds.filter(table.columnNames.contains).compactMap { name -> [String]? in
      let texts = try table.texts(inColumn: name)
      // A layer is named where there are several.
      return Set(texts).count > 1 ? texts.map { (Self.marks[name] ?? "") + $0 } : nil
    }
    let chosen = try only.map { (try table.texts(inColumn: $0.column), $0.value) }
    let rows = table.rows.indices.filter { row in
      (seeds == nil || seeds?[row] == seeds?[0]) && chosen.map { $0.0[row] == $0.1 } ?? true
    }
    let groups = rows.grouped { row in [labels[row]] + kinds.map { $0[row] } }
    let numbers = try values.map { value in
      let numbers = try table.values(value.column)
      return areLogarithms ? numbers.map { exp($0) } : numbers
    }
    let curves = groups.flatMap { group in
      zip(values, numbers).map { value, numbers in
        CurvesFigure.Curve(
          label: group.key[0],
          kind: (group.key.dropFirst() + [value.name].compactMap(\.self)).joined(separator: " "),
          points: group.elements.map { (places[$0], numbers[$0]) })
      }
    }
    var figure = CurvesFigure(
      title: title, subtitle: subtitle, horizontal: (across.title, across.scale), vertical: upright,
      curves: curves)
    figure.levels = levels
    return figure.chart
  }
}
