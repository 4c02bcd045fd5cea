import UnrollGradientFlow
import UnrollRecurrentCells

/// A label's curves over its seeds: those of its model, or, where there are several seeds, curves
/// whose rows are the seeds' means.
package struct MeasuredGroup {
  /// One for each seed.
  package let cells: [MeasuredModel]
  package let curves: [MeasuredModel.Curve]

  package init(_ cells: [MeasuredModel]) {
    self.cells = cells
    guard cells.count > 1, let first = cells.first else {
      curves = cells.first?.curves ?? []
      return
    }
    curves = first.curves.indices.map { index in
      let means = cells.map { $0.curves[index].curve.means }
      let (layer, path) = (first.curves[index].curve.layer, first.curves[index].curve.path)
      let curve = DecayCurve(
        layer: layer, path: path,
        norms: means[0].indices.map { lag in means.map { $0[lag] } })
      return MeasuredModel.Curve(curve: curve, fit: DecayFit(curve))
    }
  }

  /// Its first seed's model, which stands for the others in name and size.
  package var subject: DecaySubject { cells[0].subject }

  /// Those worth a line of their own: `state` says more than `h` only for a cell with a state c.
  package var shownCurves: [MeasuredModel.Curve] {
    subject.model.cell.hasCellState ? curves : curves.filter { $0.curve.path != .state }
  }
}
