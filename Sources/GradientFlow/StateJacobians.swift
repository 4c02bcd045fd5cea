import DenseMath
import Optimisation
import RecurrentCells

/// Hands out the Jacobians ∂s_t/∂s_{t−1} of one layer along a batch's rows, the last step first.
///
/// s is h, or (h, c); the layer's input is held fixed.
public enum StateJacobians {
  /// Calls `body` with the row, the lag k from 1 (for ∂s_{T−k+1}/∂s_{T−k}, T the batch's last step)
  /// and the Jacobian [n, n].
  public static func forEach(
    _ model: RecurrentModel, _ parameters: Parameters<Double>, batch: Batch<Double>, layer: Int,
    rows: Range<Int>, _ body: @escaping (_ row: Int, _ lag: Int, Matrix<Double>) -> Void
  ) {
    // The gradient itself is no matter: the way back is there to go step by step.
    GradientMeasurement.pass(model, parameters, batch, .last) { window, _ in
      let observer = TransitionObserver(model, window, layer: layer, rows: rows) {
        row, step, change in
        body(
          row, batch.shape.steps - step,
          model.stateJacobian(change, layer: layer, parameters: parameters))
      }
      return (observer, {})
    }
  }
}

/// Collects the gates and states around each step of a backward pass.
private final class TransitionObserver: BackwardObserver {
  private let model: RecurrentModel
  private let window: Window<Double>
  private let layer: Int
  private let rows: Range<Int>
  private let body: (_ row: Int, _ step: Int, StateTransition) -> Void

  init(
    _ model: RecurrentModel, _ window: Window<Double>, layer: Int, rows: Range<Int>,
    _ body: @escaping (_ row: Int, _ step: Int, StateTransition) -> Void
  ) {
    self.model = model
    self.window = window
    self.layer = layer
    self.rows = rows
    self.body = body
  }

  func observe(_ step: BackwardStep<Double>) {
    guard step.layer == layer else { return }
    let (before, after) = (window.state(after: step.step), window.state(after: step.step + 1))
    let cell = layer + (model.cell.hasCellState ? model.configuration.layers : 0)
    for row in rows {
      let place = row..<row + 1
      body(
        row, step.step,
        StateTransition(
          gates: step.gates.rows(place),
          hidden: (before[layer].rows(place), after[layer].rows(place)),
          cell: (before[cell].rows(place), after[cell].rows(place))))
    }
  }
}
