import CUnrollVectorKernels
import UnrollText

/// The matrices of T consecutive time steps of one recurrent layer, and the fused forward passes over
/// them: recurrent product and pointwise part of all steps in one call of the vector kernels.
///
/// Matrices hold a block of B rows for each step. States hold one block more: block 0 is the state
/// before the first step, block t+1 the state after step t.
public struct RecurrentSteps<Element: Scalar> {
  /// B.
  public let rows: Int
  /// W_hhᵀ [H × G·H].
  public let weight: PackedMatrix<Element>
  /// [T·B, P]. Before a step: its pre-activations without the recurrent product; after it: what the
  /// cell keeps for backward. The recurrent product is added to the first G·H columns.
  public let gates: Matrix<Element>
  /// h [(T+1)·B, H].
  public let hidden: Matrix<Element>
  /// c [(T+1)·B, H]; h again for a cell without cell state.
  public let cell: Matrix<Element>
  /// Collects the time that the steps take; nil where it is not measured.
  public let profile: StepProfile?

  /// T.
  public var count: Int { gates.rows / rows }

  /// Checks that the matrices have blocks of `rows` rows, one more of them in the states.
  public init(
    rows: Int, weight: PackedMatrix<Element>, gates: Matrix<Element>, hidden: Matrix<Element>,
    cell: Matrix<Element>, profile: StepProfile? = nil
  ) {
    require(
      rows >= 1 && gates.rows % rows == 0 && hidden.rows == gates.rows + rows
        && cell.rows == hidden.rows && cell.columns == hidden.columns,
      "expected blocks of \(rows) rows, one more of states, got \(gates.rows), \(hidden.rows), \(cell.rows) rows"
    )
    self.rows = rows
    self.weight = weight
    self.gates = gates
    self.hidden = hidden
    self.cell = cell
    self.profile = profile
  }

  /// Runs all steps of a vanilla recurrent cell: h_t = f(a_t).
  ///
  /// - Parameter slope: of `prelu`, whose slope is a parameter; otherwise unused.
  @_specialize(where Element == Float)
  public func forwardRNN(_ activation: Activation, slope: Double) {
    check(gates: 1, blocks: 1)
    let (kind, constant) = activation.kernel(slope: slope)
    var steps = forwardSteps(gates: 1)
    withExtendedLifetime(self) { kernels.rnn_forward_steps(&steps, kind, constant) }
  }

  /// Runs all steps of an LSTM, by the equations of ``LSTMPointwise``.
  @_specialize(where Element == Float)
  public func forwardLSTM() {
    check(gates: 4, blocks: 4)
    var steps = forwardSteps(gates: 4)
    withExtendedLifetime(self) { kernels.lstm_forward_steps(&steps) }
  }

  /// Runs all steps of a GRU, by the equations of ``GRUPointwise``.
  @_specialize(where Element == Float)
  public func forwardGRU() {
    check(gates: 3, blocks: 4)
    var steps = forwardSteps(gates: 3)
    withExtendedLifetime(self) { kernels.gru_forward_steps(&steps) }
  }

  var kernels: unroll_kernels { Element.kernelTable.pointer.pointee }

  private func check(gates count: Int, blocks: Int) {
    require(
      weight.rows == hidden.columns && weight.columns == count * hidden.columns
        && gates.columns == blocks * hidden.columns,
      "expected W_hhᵀ \(hidden.columns) × \(count * hidden.columns) and gates of \(blocks * hidden.columns) columns, got \(weight.rows) × \(weight.columns), \(gates.columns)"
    )
  }

  func forwardSteps(gates count: Int) -> unroll_steps {
    var steps = self.steps(gates: count)
    steps.weights = UnsafeRawPointer(weight.pointer)
    return steps
  }

  /// What forward and backward share.
  func steps(gates count: Int) -> unroll_steps {
    var steps = unroll_steps()
    steps.steps = gates.rows / rows
    steps.rows = rows
    steps.hidden = hidden.columns
    steps.gates_count = count
    steps.gates = UnsafeMutableRawPointer(gates.pointer)
    steps.ld_gates = gates.stride
    steps.h = UnsafeMutableRawPointer(hidden.pointer)
    steps.ld_h = hidden.stride
    steps.c = UnsafeMutableRawPointer(cell.pointer)
    steps.ld_c = cell.stride
    steps.profile = profile?.pointer
    return steps
  }
}

/// The gradients of T consecutive time steps, and the fused backward passes over them.
public struct RecurrentStepGradients<Element: Scalar> {
  /// W_hh [G·H × H].
  public let weight: PackedMatrix<Element>
  /// ∂ℓ/∂h [(T+1)·B, H]. In: what comes from the loss, from the layer above and, for the last step,
  /// from the step after it; out: complete. Block 0 belongs to the state before the first step.
  public let hidden: Matrix<Element>
  /// In: the part of ∂ℓ/∂c_t of the last step that comes through c_{t+1}; out: ∂ℓ/∂c before the first
  /// step. [B, H]; unused without cell state.
  public let cellCarry: Matrix<Element>
  /// Out: ∂ℓ/∂c of every step [T·B, H], or of one step after the other in the same place [B, H];
  /// unused without cell state.
  public let cell: Matrix<Element>
  /// Out: ∂ℓ by the pre-activations [T·B, P].
  public let gates: Matrix<Element>

  /// Sizes are checked by the backward passes, against the steps.
  public init(
    weight: PackedMatrix<Element>, hidden: Matrix<Element>, cellCarry: Matrix<Element>,
    cell: Matrix<Element>, gates: Matrix<Element>
  ) {
    self.weight = weight
    self.hidden = hidden
    self.cellCarry = cellCarry
    self.cell = cell
    self.gates = gates
  }

  /// Backward of ``RecurrentSteps/forwardRNN(_:slope:)``.
  @_specialize(where Element == Float)
  public func backwardRNN(
    _ forward: RecurrentSteps<Element>, _ activation: Activation, slope: Double
  ) {
    let (kind, constant) = activation.kernel(slope: slope)
    var steps = backwardSteps(forward, gates: 1)
    withExtendedLifetime(forward) {
      withExtendedLifetime(self) { forward.kernels.rnn_backward_steps(&steps, kind, constant) }
    }
  }

  /// Backward of ``RecurrentSteps/forwardLSTM()``.
  @_specialize(where Element == Float)
  public func backwardLSTM(_ forward: RecurrentSteps<Element>) {
    let count = forward.gates.rows
    require(
      cellCarry.rows == forward.rows && cellCarry.columns == hidden.columns
        && (cell.rows == count || cell.rows == forward.rows) && cell.columns == hidden.columns,
      "expected a carry of \(forward.rows) rows and ∂ℓ/∂c of as many or \(count), got \(cellCarry.rows), \(cell.rows)"
    )
    var steps = backwardSteps(forward, gates: 4)
    steps.dc_carry = UnsafeMutableRawPointer(cellCarry.pointer)
    steps.ld_dc_carry = cellCarry.stride
    steps.dc = UnsafeMutableRawPointer(cell.pointer)
    steps.ld_dc = cell.stride
    steps.dc_step = cell.rows == count ? forward.rows * cell.stride : 0
    withExtendedLifetime(forward) {
      withExtendedLifetime(self) { forward.kernels.lstm_backward_steps(&steps) }
    }
  }

  /// Backward of ``RecurrentSteps/forwardGRU()``.
  @_specialize(where Element == Float)
  public func backwardGRU(_ forward: RecurrentSteps<Element>) {
    var steps = backwardSteps(forward, gates: 3)
    withExtendedLifetime(forward) {
      withExtendedLifetime(self) { forward.kernels.gru_backward_steps(&steps) }
    }
  }

  func backwardSteps(
    _ forward: RecurrentSteps<Element>, gates count: Int
  ) -> unroll_steps {
    hidden.checkSameSize(forward.hidden)
    gates.checkSameSize(forward.gates)
    require(
      weight.rows == count * hidden.columns && weight.columns == hidden.columns,
      "expected W_hh \(count * hidden.columns) × \(hidden.columns), got \(weight.rows) × \(weight.columns)"
    )
    var steps = forward.steps(gates: count)
    steps.weights = UnsafeRawPointer(weight.pointer)
    steps.dh = UnsafeMutableRawPointer(hidden.pointer)
    steps.ld_dh = hidden.stride
    steps.dgates = UnsafeMutableRawPointer(gates.pointer)
    steps.ld_dgates = gates.stride
    return steps
  }
}

/// How long the parts of recurrent steps took.
public final class StepProfile {
  let pointer: UnsafeMutablePointer<unroll_profile>

  /// A profile of zeros.
  public init() {
    pointer = .allocate(capacity: 1)
    pointer.initialize(to: unroll_profile())
  }

  deinit { pointer.deallocate() }

  /// Seconds in recurrent products since the last ``reset()``.
  public var product: Double { Double(pointer.pointee.product) * 1e-9 }
  /// Seconds in pointwise parts since the last ``reset()``.
  public var pointwise: Double { Double(pointer.pointee.pointwise) * 1e-9 }

  /// Sets both times to zero.
  public func reset() { pointer.pointee = unroll_profile() }
}
