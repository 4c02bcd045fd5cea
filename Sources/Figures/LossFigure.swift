import Foundation
import UnrollText

/// The loss over a training run, with the task's baseline, and below it the gradient's norm.
public struct LossFigure: TerminalFigure {
  /// A loss that needs no memory to reach.
  public struct Baseline: Sendable {
    /// The loss, in the unit of the training loss.
    public var value: Double
    /// How it is reached, for example `predicting 1`.
    public var name: String

    /// A baseline called `name`.
    public init(value: Double, name: String) {
      self.value = value
      self.name = name
    }
  }

  /// The validation loss after `step` updates.
  public struct Validation: Sendable {
    /// The number of updates made before.
    public var step: Int
    /// The validation loss, in the unit of the training loss.
    public var loss: Double

    /// The validation loss after `step` updates.
    public init(step: Int, loss: Double) {
      self.step = step
      self.loss = loss
    }
  }

  /// The figure's title.
  public var title: String
  /// The line below the title.
  public var subtitle: String
  /// The update each training loss belongs to, ascending.
  public var steps: [Int]
  /// One loss a step. Non-finite losses are gaps.
  public var losses: [Double]
  /// One norm, before clipping, a step; empty for a figure without that panel.
  public var gradientNorms: [Double]
  /// The validation losses, in the order of their steps; empty where nothing is held out.
  public var validations: [Validation]
  /// The level that a trained model is compared with; nil for none.
  public var baseline: Baseline?
  /// The threshold of clipping by norm.
  public var clipThreshold: Double?
  /// What the loss is, with its unit where it has one: `squared error`, `bits per character`.
  public var lossName: String

  /// A figure of one run.
  ///
  /// - Precondition: there is one loss a step, and one norm a step or none.
  public init(
    title: String, subtitle: String, steps: [Int], losses: [Double], gradientNorms: [Double] = [],
    validations: [Validation] = [], baseline: Baseline? = nil, clipThreshold: Double? = nil,
    lossName: String = "loss"
  ) {
    require(
      steps.count == losses.count, "one loss a step: expected \(steps.count), got \(losses.count)")
    require(
      gradientNorms.isEmpty || gradientNorms.count == steps.count,
      "one gradient norm a step: expected \(steps.count), got \(gradientNorms.count)")
    self.title = title
    self.subtitle = subtitle
    self.steps = steps
    self.losses = losses
    self.gradientNorms = gradientNorms
    self.validations = validations
    self.baseline = baseline
    self.clipThreshold = clipThreshold
    self.lossName = lossName
  }
}

extension LossFigure {
  private func stepAxis(tics: Int) -> Axis {
    .linear((steps + validations.map(\.step)).map(Double.init), tics: tics, whole: true)
  }

  /// Logarithmic when the losses span more than a factor of 20.
  func lossAxis(tics: Int) -> (axis: Axis, isLogarithmic: Bool) {
    let values = (losses + validations.map(\.loss) + [baseline?.value].compactMap(\.self))
      .filter { abs($0) <= Axis.largest }
    if let least = values.filter({ $0 > 0 }).min(), let most = values.max(), most / least > 20,
      !values.contains(where: { $0 < 0 }),
      let axis = Axis.logarithmic(values, tics: tics)
    {
      return (axis, true)
    }
    return (.linear(values, tics: tics, margin: 0.08), false)
  }

  private var isEmpty: Bool {
    !(losses + validations.map(\.loss)).contains { abs($0) <= Axis.largest }
  }

  private var emptyNote: String { "no finite loss" }

  var isSmoothed: Bool { RunningMean.span(count: losses.count) > 1 }

  var meanName: String {
    "mean of \(NumberText.count(Double(RunningMean.span(count: losses.count))))"
  }

  private var baselineName: String? {
    baseline.map { "baseline \(NumberText.digits($0.value, 4)): \($0.name)" }
  }

  /// The training losses as they are, their running mean, and the validation losses, as far as there are
  /// any.
  private func lossBlocks(_ isLogarithmic: Bool) -> [DataBlock] {
    var blocks: [DataBlock] = []
    if !steps.isEmpty { blocks += trainBlocks("train", losses, isLogarithmic) }
    if !validations.isEmpty {
      let rows = validations.map {
        [Double($0.step), isShown($0.loss, isLogarithmic) ? $0.loss : .nan]
      }
      blocks.append(DataBlock(curve: "validation", columns: "step validation_loss", rows: rows))
    }
    return blocks
  }

  private func trainBlocks(
    _ name: String, _ values: [Double], _ isLogarithmic: Bool
  ) -> [DataBlock] {
    let raw = DataBlock(
      curve: name, columns: "step \(name)",
      rows: values.indices.lazy.map {
        [Double(steps[$0]), isShown(values[$0], isLogarithmic) ? values[$0] : .nan]
      })
    guard isSmoothed else { return [raw] }
    let mean = RunningMean(
      steps: steps, values: values, isDrawable: { isShown($0, isLogarithmic) })
    return [
      raw, DataBlock(name: "\(name)_mean", columns: "step running_mean", rows: mean.rows),
    ]
  }

  func isShown(_ value: Double, _ isLogarithmic: Bool) -> Bool {
    (isLogarithmic ? CurvesFigure.Scale.logarithmic : .linear).place(value).isFinite
  }

  /// A block's values as the axis shows them.
  private func source(_ block: DataBlock, _ isLogarithmic: Bool) -> String {
    block.source(isLogarithmic ? "1:(log10($2))" : "1:2")
  }

  private func position(_ value: Double, _ isLogarithmic: Bool) -> String {
    NumberText.data(isLogarithmic ? log10(value) : value)
  }
}

extension LossFigure {
  public var drawing: Drawing {
    let hasNorms = !gradientNorms.isEmpty
    var drawing = Drawing(width: 900, height: hasNorms ? 682 : 512)
    drawing.commands = Drawing.style
    if hasNorms { drawing.commands.append("set multiplot") }
    addLossPanel(to: &drawing, isLast: !hasNorms)
    if hasNorms {
      addNormPanel(to: &drawing)
      drawing.commands.append("unset multiplot")
    }
    return drawing
  }

  private func addLossPanel(to drawing: inout Drawing, isLast: Bool) {
    let (axis, isLogarithmic) = lossAxis(tics: 7)
    drawing.data = lossBlocks(isLogarithmic)
    drawing.addHeading(title, subtitle)
    drawing.addAxisTitle(text: lossName, x: 20, y: 102)
    drawing.placeKey(right: 25, y: 82, rows: 2)
    drawing.placePlot(left: 90, right: 25, top: 124, bottom: drawing.height - 442)
    drawing.commands += stepAxis(tics: 10).commands("x") + axis.commands("y")
    if isLast { drawing.commands.append("set xlabel '\(stepName)'") }
    if isEmpty { drawing.addNote(emptyNote) }

    var plots = drawing.data.map { "\(source($0, isLogarithmic)) with \(look(of: $0.name))" }
    if let baseline, let baselineName, isShown(baseline.value, isLogarithmic) {
      plots.append(
        "\(position(baseline.value, isLogarithmic)) with lines lw 1.5 dt (7,4) "
          + "lc rgb '\(Palette.ink)' title \(GnuplotText.plain(baselineName, limit: 48))")
    }
    drawing.commands.append(plotCommand(plots))
  }

  private func addNormPanel(to drawing: inout Drawing) {
    let threshold = clipThreshold.flatMap { isShown($0, true) ? $0 : nil }
    let shown = gradientNorms.filter { isShown($0, true) }
    let axis = Axis.logarithmic(shown + [threshold ?? shown.first ?? 1], tics: 5)
    let blocks = trainBlocks("norm", gradientNorms, true)
    drawing.data += blocks
    drawing.commands.append("unset label")
    drawing.addAxisTitle(text: "gradient norm before clipping", x: 20, y: 486)
    drawing.placeKey(right: 25, y: 488)
    drawing.placePlot(left: 90, right: 25, top: 508, bottom: 65)
    drawing.commands += axis?.commands("y") ?? []
    drawing.commands.append("set xlabel '\(stepName)'")
    if shown.isEmpty { drawing.addNote("every norm is zero or not finite") }
    var plots = blocks.map { "\(source($0, true)) with \(look(of: $0.name))" }
    if let threshold {
      plots.append(
        "\(position(threshold, true)) with lines lw 1.5 dt (7,4) lc rgb '\(Palette.ink)' "
          + "title 'clipped above \(NumberText.digits(threshold, 4))'")
    }
    drawing.commands.append(plotCommand(plots))
  }

  var stepName: String { "step (parameter updates)" }

  /// Values as they are stand back, pale, behind their running mean; a short series has none.
  private func look(of name: String) -> String {
    func raw(_ color: String, pale: String) -> String {
      isSmoothed
        ? "lines lw 1 lc rgb '\(pale)'" : "linespoints pt 7 ps 0.6 lw 1.5 lc rgb '\(color)'"
    }
    return switch name {
    case "train": raw(Palette.blue, pale: Palette.paleBlue) + " title 'training loss'"
    case "train_mean": "lines lw 2 lc rgb '\(Palette.blue)' title '\(meanName)'"
    case "norm": raw(Palette.green, pale: Palette.paleGreen)
    case "norm_mean": "lines lw 2 lc rgb '\(Palette.green)'"
    default: "linespoints pt 7 ps 0.6 lw 1.5 lc rgb '\(Palette.vermillion)' title 'validation loss'"
    }
  }
}

extension LossFigure {
  public func terminalDrawing(columns: Int, rows: Int) -> Drawing {
    var drawing = Drawing(width: columns, height: rows)
    let (axis, isLogarithmic) = lossAxis(tics: 6)
    drawing.data = lossBlocks(isLogarithmic)
    if isSmoothed { drawing.data.removeAll { $0.name == "train" } }
    drawing.commands =
      stepAxis(tics: 6).commands("x", plain: true) + axis.commands("y", plain: true)
    if isEmpty { drawing.addNote(emptyNote) }
    var plots: [String] = []
    if let baseline, isShown(baseline.value, isLogarithmic) {
      plots.append("\(position(baseline.value, isLogarithmic)) with points pt '='")
    }
    plots += drawing.data.map {
      "\(source($0, isLogarithmic)) with points pt '\($0.name == "validation" ? "o" : "*")'"
    }
    drawing.commands.append(plotCommand(plots))
    return drawing
  }

  public var terminalTitle: String { "\(lossName) over \(stepName)" }

  public var terminalKey: [TerminalKeyEntry] {
    var key: [TerminalKeyEntry] = []
    if !steps.isEmpty {
      let name = isSmoothed ? "training loss, \(meanName)" : "training loss"
      key.append(TerminalKeyEntry(mark: "*", name: name))
    }
    if !validations.isEmpty {
      key.append(TerminalKeyEntry(mark: "o", name: "validation loss"))
    }
    if let baselineName { key.append(TerminalKeyEntry(mark: "=", name: baselineName)) }
    return key
  }
}
