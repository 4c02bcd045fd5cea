import UnrollText

extension LossFigure {
  /// The figure as plots of a page: the losses, and the gradient's norm where it is known.
  public var charts: [Chart] {
    let (_, isLogarithmic) = lossAxis(tics: 7)
    var curves = curves("training loss", losses, color: 0, isLogarithmic)
    if !validations.isEmpty {
      curves.append(
        Chart.Curve(
          name: "validation loss",
          points: validations.map { Chart.Point(x: Double($0.step), y: $0.loss) }, color: 1))
    }
    let across = Chart.Side(stepName, isWhole: true)
    let loss = Chart(
      title: title, subtitle: subtitle, across: across,
      upright: .init(lossName, isLogarithmic ? .logarithmic : .linear), curves: curves,
      levels: baseline.map { [($0.name.isEmpty ? "baseline" : "baseline: \($0.name)", $0.value)] }
        ?? [])
    guard !gradientNorms.isEmpty else { return [loss] }
    let norm = Chart(
      title: "Gradient norm before clipping", across: across,
      upright: .init("||g||", .logarithmic),
      curves: self.curves("norm", gradientNorms, color: 2, true),
      levels: clipThreshold.map { [("clipped above \($0.plainText)", $0)] } ?? [])
    return [loss, norm]
  }

  /// Values as they are and, where there are many, their running mean before them.
  private func curves(
    _ name: String, _ values: [Double], color: Int, _ isLogarithmic: Bool
  ) -> [Chart.Curve] {
    guard !values.isEmpty else { return [] }
    let raw = zip(steps, values).map { Chart.Point(x: Double($0), y: $1) }
    guard isSmoothed else { return [Chart.Curve(name: name, points: raw, color: color)] }
    let mean = RunningMean(
      steps: steps, values: values, isDrawable: { isShown($0, isLogarithmic) })
    return [
      Chart.Curve(name: name, points: raw, mark: .faint, color: color),
      Chart.Curve(
        name: meanName, points: mean.rows.map { Chart.Point(x: $0[0], y: $0[1]) }, color: color),
    ]
  }
}
