import UnrollDenseMath

/// A recurrent cell: what happens between one time step and the next.
///
/// The layer around a cell owns the memory and the products over many steps. Before a step, it sets
/// the cell's gates to the input product W_ih x_t + b_ih + b_hh. After the backward steps, it forms
/// ∂L/∂W_ih, ∂L/∂W_hh, the gradients of both biases and ∂L/∂x from the gate gradients that the cell
/// left. The cell itself adds the recurrent product and the pointwise part, and their derivatives.
///
/// A cell must define one step forward and one step backward, in operations on whole matrices:
///
///     struct LeakyIntegrator: Cell {            // h_t = ½ h_{t−1} + ½ tanh(a_t)
///       var name: String { "leaky-integrator" }
///       var gates: Int { 1 }
///
///       func forward<Element>(_ step: CellStep<Element>) {
///         step.gates.formProduct(
///           step.previousHidden, step.recurrentWeight, transposing: .right, adding: true)
///         step.gates.apply(.tanh, to: step.gates)
///         step.hidden.assign(step.gates)
///         step.hidden.addElements(of: step.previousHidden)
///         step.hidden.scale(by: 0.5)
///       }
///
///       func backward<Element>(_ step: CellStep<Element>, _ gradient: CellGradient<Element>) {
///         gradient.gates.applyDerivative(
///           of: .tanh, preActivations: step.gates, outputs: step.gates, gradient: gradient.hidden)
///         gradient.gates.scale(by: 0.5)
///         gradient.clipPreactivations()
///         gradient.previousHidden.formProduct(gradient.gates, step.recurrentWeight, adding: true)
///         gradient.previousHidden.add(gradient.hidden, scale: 0.5)
///       }
///     }
///
/// Such a cell trains, is measured, checked (``ModelCheck``) and saved (``ModelFile``) like the
/// built-in ones. The built-in cells also define whole runs of steps, by fused kernels; by default a
/// run goes step by step.
///
/// Shapes: B rows of the batch, H hidden units, G gates, P ≥ G blocks of H columns side by side in
/// the gates' buffer [B, P·H].
public protocol Cell: Sendable {
  /// The name on the command line and in files: no other cell's, without `/` and `,`.
  var name: String { get }
  /// The constants that the cell was made with, as text such as `leak=0.3`; empty by default.
  ///
  /// Model files and checkpoints record it, and refuse a cell of the same name with another text.
  var constants: String { get }
  /// G, the number of gates: W_ih is [G·H, I] and W_hh [G·H, H].
  var gates: Int { get }
  /// Whether the last gate's recurrent product must stay apart from its input product. Then block G
  /// of the gates' buffer starts as the last gate's W_ih x_t + b_ih, and block G − 1 as its b_hh.
  /// False by default.
  var separatesLastGate: Bool { get }
  /// Blocks of H columns at the end of the gates' buffer that the cell fills itself, to keep in forward
  /// what backward needs. 0 by default.
  var extraBlocks: Int { get }
  /// Whether the state is (h, c) rather than h alone. False by default.
  var hasCellState: Bool { get }
  /// The gate whose bias `--forget-bias` sets; nil, the default, without one.
  var forgetGate: Int? { get }
  /// The block of the gates' buffer whose values, as forward leaves them, multiply the state on its
  /// direct path from one step to the next: the LSTM's forget gates for c, the GRU's update gates for
  /// h. Nil, the default, without such a path.
  var carryGate: Int? { get }
  /// Where a derivative jumps as a pre-activation crosses it, in order: `[0]` for ReLU. None by default.
  var kinks: [Double] { get }

  /// What gate `gate`'s rows of W_hh multiply, from which the layer forms their gradient: h_{t−1} by
  /// default.
  func recurrentInput(of gate: Int) -> RecurrentInput
  /// The parameters of a layer beyond weights and biases, for H = `hidden`. None by default.
  func extraParameters(hidden: Int) -> [CellParameter]

  /// One step forward: from the gates' input product and the previous state to the new state.
  ///
  /// A step may be run again before its backward step (``Recompute``), with the same result.
  func forward<Element>(_ step: CellStep<Element>)
  /// One step backward: from ∂ℓ/∂h_t (and the carry of ∂ℓ/∂c_t) to the gate gradients, which are
  /// then clipped by ``CellGradient/clipPreactivations()``, and to the gradient by the previous state.
  func backward<Element>(_ step: CellStep<Element>, _ gradient: CellGradient<Element>)

  /// All steps of a run forward; by default one step after the other.
  func forward<Element>(_ run: CellRun<Element>)
  /// All steps of a run backward, the last step first; by default one step after the other. Not
  /// called where gradients are clipped at every step.
  func backward<Element>(_ run: CellRun<Element>, _ gradient: CellRunGradient<Element>)
}

extension Cell {
  public var constants: String { "" }
  public var separatesLastGate: Bool { false }
  public var extraBlocks: Int { 0 }
  public var hasCellState: Bool { false }
  public var forgetGate: Int? { nil }
  public var carryGate: Int? { nil }
  public var kinks: [Double] { [] }

  public func recurrentInput(of gate: Int) -> RecurrentInput { .previousHidden }
  public func extraParameters(hidden: Int) -> [CellParameter] { [] }

  /// P, the blocks of H columns in the gates' buffer.
  public var blocks: Int { gates + (separatesLastGate ? 1 : 0) + extraBlocks }

  public func forward<Element>(_ run: CellRun<Element>) {
    for index in 0..<run.count { forward(run.step(index)) }
  }

  public func backward<Element>(_ run: CellRun<Element>, _ gradient: CellRunGradient<Element>) {
    backwardStepByStep(run, gradient)
  }

  /// All steps of a run backward, one after the other, so that each can be clipped.
  func backwardStepByStep<Element>(
    _ run: CellRun<Element>, _ gradient: CellRunGradient<Element>
  ) {
    for index in (0..<run.count).reversed() {
      backward(run.step(index), gradient.step(index))
    }
  }
}
