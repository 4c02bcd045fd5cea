import UnrollDenseMath
import UnrollText

/// The gradient of a loss by what a recurrent model gives: the top layer's outputs and every layer's
/// final states. A batch that has it, ``Batch/stateGradients``, needs neither targets nor a readout,
/// so that any head and any loss can stand behind the model.
///
/// It is what PyTorch has in `out.grad`, `h_n.grad` and `c_n.grad` of `out, (h_n, c_n) = lstm(x)`.
public struct StateGradients<Element: Scalar>: Sendable {
  /// ∂L/∂h_t of the top layer [T·B, H], a block of B rows for each step; nil for 0. Zero after a
  /// row's last step.
  public let outputs: Matrix<Element>?
  /// By h after each row's last step, for each layer [B, H]; nil for 0.
  public let finalHidden: [Matrix<Element>]?
  /// By c after each row's last step, for each layer [B, H]; nil for 0.
  public let finalCell: [Matrix<Element>]?
  /// Each row's last step, where its final states are and lag 0 lies.
  public let lastSteps: [Int]

  /// - Precondition: outputs have a block of rows for each step, and final states a row for each of
  ///   the B rows.
  public init(
    outputs: Matrix<Element>?, finalHidden: [Matrix<Element>]? = nil,
    finalCell: [Matrix<Element>]? = nil, lastSteps: [Int]
  ) {
    let rows = lastSteps.count
    require(
      rows > 0 && (outputs?.rows ?? 0) % rows == 0
        && ((finalHidden ?? []) + (finalCell ?? [])).allSatisfy { $0.rows == rows },
      "expected gradients of \(rows) rows")
    self.outputs = outputs
    self.finalHidden = finalHidden
    self.finalCell = finalCell
    self.lastSteps = lastSteps
  }

  /// B.
  public var rows: Int { lastSteps.count }

  /// The steps at which gradient enters row `row`, ascending.
  public func entrySteps(ofRow row: Int) -> [Int] {
    var steps = (0...lastSteps[row]).filter { step in
      outputs.map { Self.isPresent($0, step * rows + row) } ?? false
    }
    let atEnd = ((finalHidden ?? []) + (finalCell ?? [])).contains { Self.isPresent($0, row) }
    if atEnd, steps.last != lastSteps[row] { steps.append(lastSteps[row]) }
    return steps
  }

  /// A gradient that is NaN counts as present.
  private static func isPresent(_ matrix: Matrix<Element>, _ row: Int) -> Bool {
    matrix.rows(row..<row + 1).values.contains { $0 != 0 }
  }

  /// The lags at which gradient enters a row, over all rows; 0 is a row's own last step.
  package var entryLags: Set<Int> {
    Set(lastSteps.enumerated().flatMap { row, last in entrySteps(ofRow: row).map { last - $0 } })
  }

  /// Of each row only what enters at its own last step, which may be nothing.
  public var lastEntries: StateGradients {
    StateGradients(
      outputs: outputs.map { outputs in
        let result = Matrix<Element>(rows: outputs.rows, columns: outputs.columns)
        for (row, step) in lastSteps.enumerated() {
          let place = step * rows + row
          result.rows(place..<place + 1).assign(outputs.rows(place..<place + 1))
        }
        return result
      }, finalHidden: finalHidden, finalCell: finalCell, lastSteps: lastSteps)
  }

  /// The gradient of the rows that end at `step` alone; that of the others is 0.
  package func ofRows(endingAt step: Int) -> StateGradients {
    func masked(_ source: Matrix<Element>) -> Matrix<Element> {
      let result = source.copy()
      for block in 0..<source.rows / rows {
        for row in 0..<rows where lastSteps[row] != step {
          let place = block * rows + row
          result.rows(place..<place + 1).fill(0)
        }
      }
      return result
    }
    return StateGradients(
      outputs: outputs.map(masked), finalHidden: finalHidden?.map(masked),
      finalCell: finalCell?.map(masked), lastSteps: lastSteps)
  }

  /// The gradient of some rows alone.
  func ofRows(_ rows: Range<Int>) -> StateGradients {
    StateGradients(
      outputs: outputs.map { outputs in
        let result = Matrix<Element>(
          rows: outputs.rows / self.rows * rows.count, columns: outputs.columns)
        for step in 0..<outputs.rows / self.rows {
          let first = step * self.rows
          result.block(step, height: rows.count).assign(
            outputs.rows(first + rows.lowerBound..<first + rows.upperBound))
        }
        return result
      }, finalHidden: finalHidden?.map { $0.rows(rows).copy() },
      finalCell: finalCell?.map { $0.rows(rows).copy() }, lastSteps: Array(lastSteps[rows]))
  }

  // MARK: In a backward pass

  /// The start of the tile of steps that ends before `end`, where one from `start` on would do: no
  /// row's last step lies inside a tile, so that what enters there is handed to the tile's end.
  func tileStart(from start: Int, to end: Int) -> Int {
    guard finalHidden != nil || finalCell != nil else { return start }
    var result = start
    for last in lastSteps where last + 1 < end { result = max(result, last + 1) }
    return result
  }

  /// Adds what enters `layer` at the end of the rows that end with `step`.
  func addFinal(
    layer: Int, step: Int, hidden: Matrix<Element>, cell: Matrix<Element>
  ) {
    for (gradient, carry) in [(finalHidden, hidden), (finalCell, cell)] {
      guard let gradient, layer < gradient.count else { continue }
      for row in 0..<rows where lastSteps[row] == step {
        carry.rows(row..<row + 1).addElements(of: gradient[layer].rows(row..<row + 1))
      }
    }
  }
}
