import UnrollFigures
import UnrollGradientFlow

extension DecayFigure {
  /// The picture of decay curves as `GradientMeasurement` and `DecayMeter` measure them.
  ///
  /// Every curve is fitted, and the key below the plot says what was found: the rate per step and the
  /// half-life, or how it departs from a straight line. A band shows the 10th to the 90th percentile
  /// over the batch. The path `state`, of h and c together, is left out where the label has a curve of h.
  ///
  /// ```swift
  /// let task = try AddingTask(length: 50, seed: 1)
  /// let data = try DecayData(task, rows: 20)
  /// var curves: [(label: String, curve: DecayCurve)] = []
  /// for cell in [CellSpecification(.rnn), CellSpecification(.lstm)] {
  ///   let model = RecurrentModel(
  ///     cell, ModelConfiguration(input: task.input, target: task.target, hidden: 32))
  ///   let parameters: Parameters<Double> = model.initialParameters(cell, seed: 1)
  ///   let measured = GradientMeasurement.measure(model, parameters, batch: data.batch())
  ///   curves += measured.curves.map { (cell.description, $0) }
  /// }
  /// let figure = DecayFigure(curves: curves, subtitle: "adding, T = 50, at initialization")
  /// try figure.write(to: ".", name: "decay")  // decay.gp, decay.svg, decay.png
  /// ```
  ///
  /// - Parameters:
  ///   - curves: each with the label of its model, which decides the line's color; the path decides
  ///     the dashes.
  ///   - subtitle: the line below the title.
  ///   - levels: thin dashed levels with a name each, drawn where they lie within the axis.
  public init(
    curves: [(label: String, curve: DecayCurve)], subtitle: String,
    levels: [(name: String, value: Double)] = []
  ) {
    let hasLayers = Set(curves.map(\.curve.layer)).count > 1
    let paths = Dictionary(grouping: curves, by: \.label).mapValues { $0.map(\.curve.pathName) }
    let shown = curves.filter { label, curve in
      Self.draws(curve.pathName, beside: paths[label] ?? [])
    }
    self.init(
      curves: shown.map { label, curve in
        Curve(
          label: label, path: curve.pathName(hasLayers: hasLayers), curve,
          // The key shows no interval of the rate.
          DecayFit(curve, resamples: 0))
      }, subtitle: subtitle, levels: levels)
  }
}

extension DecayFit {
  /// What the key of a figure says: `0.583/step, half-life 1.3`.
  var finding: String {
    DecayFigure.Curve(label: "", path: "", norms: [], band: ([], []), self).finding
  }
}

extension [DecayFigure.Curve] {
  /// The curves with the folder of their run before each label.
  func named(_ folder: String) -> Self {
    map { curve in
      var curve = curve
      curve.label = "\(folder): \(curve.label)"
      return curve
    }
  }
}

extension DecayFigure.Curve {
  /// A measured curve and its fit, with a band over its rows.
  init(label: String, path: String, _ curve: DecayCurve, _ fit: DecayFit) {
    self.init(
      label: label, path: path, norms: curve.means,
      band: (curve.quantiles(0.1), curve.quantiles(0.9)), fit)
  }

  /// Norms and the fit through them.
  init(
    label: String, path: String, norms: [Double], band: (low: [Double], high: [Double]),
    _ fit: DecayFit
  ) {
    self.init(
      label: label, path: path, norms: norms, band: band, verdict: fit.verdict.rawValue,
      rate: fit.rate, halfLife: fit.halfLife, doublingTime: fit.doublingTime)
  }
}
