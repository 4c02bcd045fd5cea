import UnrollFigures
import UnrollReports
import UnrollText

/// A surface with paths on it, for a lesson's second figure. It names things by their formulas, so that one
/// picture serves all languages.
struct LessonSurface: Sendable {
  let report: SurfaceReport
  /// What the paths are called: the gradient that each of them follows.
  let paths: [String]

  /// The figure; paths that visit the same places are one.
  var figure: SurfaceFigure {
    var figure = report.figure
    figure.title = "E(w, b)"
    figure.subtitle =
      "T = \(report.surface.steps), η = \(report.settings.rate.plainText)"
    let start = report.settings.start
    figure.startName = "(\(start.weight.plainText.withMinus), \(start.bias.plainText.withMinus))"
    for place in figure.paths.indices {
      figure.paths[place].label =
        figure.paths.count == paths.count ? paths[place] : paths.joined(separator: "; ")
    }
    return figure
  }
}
