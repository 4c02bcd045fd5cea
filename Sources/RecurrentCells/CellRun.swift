import UnrollDenseMath

/// The matrices of a run of time steps: a block of B rows for each step, and one block more of the
/// states, whose block 0 is the state before the run.
public struct CellRun<Element: Scalar> {
  /// B.
  public let rows: Int
  /// W_hh [G·H, H].
  public let recurrentWeight: Matrix<Element>
  /// W_hh packed for h W_hhᵀ.
  public let packedRecurrentWeight: PackedMatrix<Element>
  /// The cell's own parameters in their order, as one row.
  public let extraParameters: Matrix<Element>
  /// [T·B, P·H].
  public let gates: Matrix<Element>
  /// h [(T+1)·B, H].
  public let hidden: Matrix<Element>
  /// c [(T+1)·B, H]; h again for a cell without cell state.
  public let cell: Matrix<Element>
  /// Where the time goes, if that is wanted.
  public let profile: StepProfile?

  /// T.
  public var steps: Int { gates.rows / rows }

  /// Step `index` of the run, from 0: views of the run's own memory.
  public func step(_ index: Int) -> CellStep<Element> {
    CellStep(
      recurrentWeight: recurrentWeight, extraParameters: extraParameters,
      gates: gates.block(index, height: rows),
      previousHidden: hidden.block(index, height: rows),
      hidden: hidden.block(index + 1, height: rows),
      previousCell: cell.block(index, height: rows), cell: cell.block(index + 1, height: rows))
  }

  /// The run as the fused kernels take it.
  var fused: RecurrentSteps<Element> {
    RecurrentSteps(
      rows: rows, weight: packedRecurrentWeight, gates: gates, hidden: hidden, cell: cell,
      profile: profile)
  }
}

/// The gradients of a run of time steps.
public struct CellRunGradient<Element: Scalar> {
  /// W_hh [G·H, H] laid out for δ W_hh.
  public let packedRecurrentWeight: PackedMatrix<Element>
  /// ∂ℓ/∂h [(T+1)·B, H]. In: from the loss, the layer above and the step after the run; out:
  /// complete. Block 0, by the state before the run, is to be added to.
  public let hidden: Matrix<Element>
  /// In: the part of ∂ℓ/∂c of the last step that comes through the step after it; out: ∂ℓ by the c
  /// before the run. [B, H], unused without cell state.
  public let cellCarry: Matrix<Element>
  /// Out: ∂ℓ/∂c in full [T·B, H], or of one step after the other in the same place [B, H]; unused
  /// without cell state.
  public let cell: Matrix<Element>
  /// Out: ∂ℓ by the gates' pre-activations [T·B, P·H].
  public let gates: Matrix<Element>
  /// The cell's own parameters' gradients as one row, to be added to.
  public let extraParameters: Matrix<Element>
  /// Clipping on the way back, which needs the run step by step.
  var clamp: PreactivationClipper<Element>?

  /// Step `index` of the run, from 0: views of the run's own memory.
  public func step(_ index: Int, rows: Int) -> CellGradient<Element> {
    CellGradient(
      hidden: hidden.block(index + 1, height: rows), cellCarry: cellCarry,
      cell: cell.rows > rows ? cell.block(index, height: rows) : cell,
      gates: gates.block(index, height: rows), previousHidden: hidden.block(index, height: rows),
      extraParameters: extraParameters, clamp: clamp)
  }

  /// The gradients as the fused kernels take them.
  var fused: RecurrentStepGradients<Element> {
    RecurrentStepGradients(
      weight: packedRecurrentWeight, hidden: hidden, cellCarry: cellCarry, cell: cell, gates: gates)
  }
}
