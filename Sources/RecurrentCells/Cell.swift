import UnrollDenseMath

/// A recurrent cell: what happens between one time step and the next.
///
/// The layer around it owns memory, tiles of time and the products over many steps: before a step,
/// its gates hold the input product W_ih x_t + b_ih + b_hh; afterwards the layer forms ∂L/∂W_ih,
/// ∂L/∂W_hh, both biases' gradients and ∂L/∂x from the gate gradients that `backward`
/// leaves. A cell adds the recurrent product and the pointwise part, and their derivatives.
///
/// One step forward and back is all that a cell must define. Over a run of steps it may do the same
/// faster, as the built-in cells do with fused kernels; by default a run goes step by step.
///
/// Shapes: B rows of the batch, H hidden units, G gates, P ≥ G blocks of H columns side by side in
/// the gates' buffer [B, P·H].
public protocol Cell: Sendable {
  /// The name on the command line and in files.
  var name: String { get }
  /// G, the number of gates.
  var gates: Int { get }
  /// Whether the last gate's recurrent product must stay apart from its input product: then
  /// P = G + 1, and block G holds the last gate's W_ih x_t + b_ih, block G − 1 its b_hh.
  var separatesLastGate: Bool { get }
  /// Whether the state is (h, c) rather than h alone.
  var hasCellState: Bool { get }
  /// The gate whose bias `--forget-bias` sets, nil without one.
  var forgetGate: Int? { get }
  /// The block of the gates' buffer whose values, as forward leaves them, multiply the state on its
  /// direct way from one step to the next: the LSTM's forget gates for c, the GRU's update gates for
  /// h; nil where there is no such way.
  var carryGate: Int? { get }
  /// Parameters of a single element beyond the weights and biases, with their first value.
  var extraParameters: [(name: String, initial: Double)] { get }
  /// Whether a derivative jumps where a pre-activation crosses 0.
  var hasKink: Bool { get }

  /// One step forward: from the gates' input product and the previous state to the new state.
  func forward<Element>(_ step: CellStep<Element>)
  /// One step back: from ∂ℓ/∂h_t (and the carry of ∂ℓ/∂c_t) to the gate gradients, which are then
  /// clamped by ``CellGradient/clipPreactivations()``, and to the gradient by the previous state.
  func backward<Element>(_ step: CellStep<Element>, _ gradient: CellGradient<Element>)

  /// A run of steps forward.
  func forward<Element>(_ run: CellRun<Element>)
  /// A run of steps back, the last first.
  func backward<Element>(_ run: CellRun<Element>, _ gradient: CellRunGradient<Element>)
}

extension Cell {
  public var separatesLastGate: Bool { false }
  public var hasCellState: Bool { false }
  public var forgetGate: Int? { nil }
  public var carryGate: Int? { nil }
  public var extraParameters: [(name: String, initial: Double)] { [] }
  public var hasKink: Bool { false }

  /// P, the blocks of H columns in the gates' buffer.
  public var blocks: Int { gates + (separatesLastGate ? 1 : 0) }

  public func forward<Element>(_ run: CellRun<Element>) {
    for step in 0..<run.steps { forward(run.step(step)) }
  }

  public func backward<Element>(_ run: CellRun<Element>, _ gradient: CellRunGradient<Element>) {
    backwardStepByStep(run, gradient)
  }

  /// A run of steps back, one after the other, so that something can act between two of them.
  func backwardStepByStep<Element>(
    _ run: CellRun<Element>, _ gradient: CellRunGradient<Element>
  ) {
    for step in (0..<run.steps).reversed() {
      backward(run.step(step), gradient.step(step, rows: run.rows))
    }
  }
}

/// The matrices of one time step.
public struct CellStep<Element: Scalar> {
  /// W_hh [G·H, H].
  public let recurrentWeight: Matrix<Element>
  /// The cell's own parameters in their order, as one row.
  public let extraParameters: Matrix<Element>
  /// [B, P·H]: in, W_ih x_t + b_ih + b_hh; out, whatever backward wants of the gates.
  public let gates: Matrix<Element>
  /// h_{t−1} [B, H].
  public let previousHidden: Matrix<Element>
  /// h_t [B, H]; set by forward.
  public let hidden: Matrix<Element>
  /// c_{t−1} [B, H]; h_{t−1} for a cell without cell state.
  public let previousCell: Matrix<Element>
  /// c_t [B, H], set by forward; h_t for a cell without cell state.
  public let cell: Matrix<Element>
}

/// The gradients of one time step.
public struct CellGradient<Element: Scalar> {
  /// In: ∂ℓ/∂h_t [B, H], from the loss, the layer above and step t+1 together.
  public let hidden: Matrix<Element>
  /// In: the part of ∂ℓ/∂c_t that comes through c_{t+1}; out: the part of ∂ℓ/∂c_{t−1} that comes
  /// through c_t. [B, H], unused without cell state.
  public let cellCarry: Matrix<Element>
  /// Out: ∂ℓ/∂c_t in full [B, H], unused without cell state.
  public let cell: Matrix<Element>
  /// Out: ∂ℓ by the gates' pre-activations [B, P·H].
  public let gates: Matrix<Element>
  /// ∂ℓ/∂h_{t−1} [B, H]; what comes through this step is to be added.
  public let previousHidden: Matrix<Element>
  /// The cell's own parameters' gradients as one row, to be added to.
  public let extraParameters: Matrix<Element>
  /// Clipping on the way back, if there is any.
  var clamp: PreactivationClipper<Element>?

  /// Clips the gate gradients where training asks for that (`state:τ`). A cell calls it when they
  /// are complete, before it forms from them what goes back to the previous state.
  public func clipPreactivations() { clamp?.apply(to: gates) }
}
