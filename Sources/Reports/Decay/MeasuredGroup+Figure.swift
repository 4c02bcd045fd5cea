import UnrollFigures
import UnrollStudies

extension MeasuredGroup {
  /// The curves that are drawn.
  var drawnCurves: [MeasuredModel.Curve] { shownCurves.filter(isDrawn) }

  /// Whether the curve is drawn.
  func isDrawn(_ measured: MeasuredModel.Curve) -> Bool {
    DecayFigure.draws(
      measured.curve.pathName, beside: shownCurves.map(\.curve.pathName))
  }
}
