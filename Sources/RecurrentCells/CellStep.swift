import UnrollDenseMath
import UnrollText

/// One time step of a ``CellRun``. All matrices are views: what a cell writes to them is kept.
public struct CellStep<Element: Scalar> {
  let run: CellRun<Element>
  let index: Int

  /// W_hh [G·H, H].
  public var recurrentWeight: Matrix<Element> { run.recurrentWeight }
  /// The cell's extra parameters.
  public var extraParameters: CellParameters<Element> { run.extraParameters }
  /// [B, P·H]. Before forward, the G gates' blocks hold W_ih x_t + b_ih + b_hh, and the extra blocks
  /// are undefined. Forward leaves here what backward needs of them.
  public var gates: Matrix<Element> { block(index, of: run.steps.gates) }
  /// h_{t−1} [B, H].
  public var previousHidden: Matrix<Element> { block(index, of: run.steps.hidden) }
  /// h_t [B, H]; set by forward.
  public var hidden: Matrix<Element> { block(index + 1, of: run.steps.hidden) }
  /// c_{t−1} [B, H]; h_{t−1} for a cell without cell state.
  public var previousCell: Matrix<Element> { block(index, of: run.steps.cell) }
  /// c_t [B, H], set by forward; h_t for a cell without cell state.
  public var cell: Matrix<Element> { block(index + 1, of: run.steps.cell) }

  /// Block `index` of ``gates`` [B, H].
  public func gate(_ index: Int) -> Matrix<Element> {
    gates.columnBlock(index, width: run.steps.hidden.columns)
  }

  private func block(_ index: Int, of matrix: Matrix<Element>) -> Matrix<Element> {
    matrix.block(index, height: run.steps.rows)
  }
}

/// The gradients of one time step of a ``CellRunGradient``. All matrices are views: what a cell
/// writes to them is kept.
public struct CellGradient<Element: Scalar> {
  let run: CellRunGradient<Element>
  let index: Int

  /// In: ∂ℓ/∂h_t [B, H], from the loss, the layer above and step t+1 together.
  public var hidden: Matrix<Element> { block(index + 1, of: run.steps.hidden) }
  /// ∂ℓ/∂h_{t−1} [B, H]; backward adds what comes through this step.
  public var previousHidden: Matrix<Element> { block(index, of: run.steps.hidden) }
  /// In: the part of ∂ℓ/∂c_t that comes through c_{t+1}; out: the part of ∂ℓ/∂c_{t−1} that comes
  /// through c_t. [B, H]; unused without cell state.
  public var cellCarry: Matrix<Element> { run.steps.cellCarry }
  /// Out: ∂ℓ/∂c_t in full [B, H]; unused without cell state.
  public var cell: Matrix<Element> {
    run.steps.cell.rows > rows ? block(index, of: run.steps.cell) : run.steps.cell
  }
  /// Out: ∂ℓ by the gates' pre-activations [B, P·H]. The extra blocks are the cell's own to use.
  public var gates: Matrix<Element> { block(index, of: run.steps.gates) }
  /// The gradients of the cell's extra parameters; backward adds its step's share.
  public var extraParameters: CellParameters<Element> { run.extraParameters }
  /// [B, H]: memory for intermediate values of this step.
  public var scratch: Matrix<Element> { run.scratch }

  /// Block `index` of ``gates`` [B, H].
  public func gate(_ index: Int) -> Matrix<Element> {
    gates.columnBlock(index, width: run.steps.hidden.columns)
  }

  /// Clips every element of ``gates`` to ±τ where training asks for it (`state:τ`), otherwise does
  /// nothing.
  ///
  /// Call it once the gate gradients are complete, before forming from them the gradient by the
  /// previous state. A cell whose pre-activations depend on each other, as the GRU's candidate depends
  /// on its reset gate, calls ``clipPreactivations(inBlocks:)`` instead.
  public func clipPreactivations() { _ = run.clipper?.clip(gates) }

  /// Clips the gradients by some pre-activations to ±τ where training asks for it (`state:τ`),
  /// otherwise does nothing.
  ///
  /// For pre-activations that depend on each other, clip those that are last in forward first, then
  /// form the gradients by those that lead to them.
  ///
  /// - Parameter blocks: blocks of ``gates``, each H wide.
  /// - Returns: whether an element was changed.
  @discardableResult
  public func clipPreactivations(inBlocks blocks: Range<Int>) -> Bool {
    guard let clipper = run.clipper else { return false }
    return clipper.clip(gates.columnBlocks(blocks, width: run.steps.hidden.columns))
  }

  private var rows: Int { run.scratch.rows }

  private func block(_ index: Int, of matrix: Matrix<Element>) -> Matrix<Element> {
    matrix.block(index, height: rows)
  }
}

extension Matrix {
  /// Blocks `blocks` of equally wide blocks of columns, as one view.
  ///
  /// - Parameter function: whose argument `blocks` is.
  func columnBlocks(
    _ blocks: Range<Int>, width: Int, function: StaticString = #function
  ) -> Matrix {
    require(
      blocks.lowerBound >= 0 && blocks.upperBound <= columns / width,
      "expected blocks in 0..<\(columns / width), got \(blocks)", function: function)
    return columns(blocks.lowerBound * width..<blocks.upperBound * width)
  }

  /// Block `index` of equally wide blocks of columns.
  func columnBlock(_ index: Int, width: Int, function: StaticString = #function) -> Matrix {
    columnBlocks(index..<index + 1, width: width, function: function)
  }
}
