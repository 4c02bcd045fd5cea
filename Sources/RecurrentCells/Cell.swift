import DenseMath

/// A recurrent cell: what happens between one time step and the next.
///
/// The layer around it owns memory, the time loop and the products over many steps: before a step,
/// its gates hold the input product W_ih x_t + b_ih + b_hh; afterwards the layer forms ∂L/∂W_ih,
/// ∂L/∂W_hh, both biases' gradients and ∂L/∂x from the gate gradients that ``backward(_:)`` leaves.
/// A cell adds the recurrent product and the pointwise part, and their derivatives.
///
/// Shapes: B rows of the batch, H hidden units, G gates side by side in [B, G·H].
public protocol Cell: Sendable {
  /// The name on the command line and in files.
  var name: String { get }
  /// G, the number of gates.
  var gates: Int { get }
  /// Whether the state is (h, c) rather than h alone.
  var hasCellState: Bool { get }
  /// The gate whose bias `--forget-bias` sets, nil without one.
  var forgetGate: Int? { get }
  /// Parameters of a single element beyond the weights and biases, with their first value.
  var ownParameters: [(name: String, initial: Double)] { get }
  /// Whether a derivative jumps where a pre-activation crosses 0.
  var hasKink: Bool { get }

  /// One step forward: from the gates' input product and the previous state to the new state.
  func forward<Element>(_ step: CellStep<Element>)
  /// One step back: from ∂ℓ/∂h_t (and the carry of ∂ℓ/∂c_t) to the gate gradients and the
  /// gradient by the previous state.
  func backward<Element>(_ step: CellStep<Element>, _ gradient: CellGradient<Element>)
}

extension Cell {
  public var hasCellState: Bool { false }
  public var forgetGate: Int? { nil }
  public var ownParameters: [(name: String, initial: Double)] { [] }
  public var hasKink: Bool { false }
}

/// The matrices of one time step.
public struct CellStep<Element: Scalar> {
  /// W_hh [G·H, H].
  public let recurrentWeight: Matrix<Element>
  /// The cell's own parameters in their order, as one row.
  public let own: Matrix<Element>
  /// [B, G·H]: in, W_ih x_t + b_ih + b_hh; out, whatever backward wants of the gates.
  public let gates: Matrix<Element>
  /// h_{t−1} and h_t [B, H].
  public let previousHidden: Matrix<Element>
  public let hidden: Matrix<Element>
  /// c_{t−1} and c_t [B, H]; the hidden states again for a cell without cell state.
  public let previousCell: Matrix<Element>
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
  /// Out: ∂ℓ by the gates' pre-activations [B, G·H].
  public let gates: Matrix<Element>
  /// Out: ∂ℓ/∂h_{t−1} through this step [B, H].
  public let previousHidden: Matrix<Element>
  /// The cell's own parameters' gradients as one row, to be added to.
  public let own: Matrix<Element>
}
