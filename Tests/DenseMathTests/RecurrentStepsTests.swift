import CUnrollVectorKernels
import Testing

@testable import UnrollDenseMath

/// Runs of time steps in one call, in every table, against one step after the other: BLAS for the
/// recurrent product, then the pointwise part.
///
/// Sums of up to 1,000 terms in another order, carried on through four steps and back: 8 units in the
/// last place of a matrix's largest element were seen, 50 are accepted.
@Suite struct RecurrentStepsTests {
  enum Cell: CaseIterable, Sendable {
    case rnn, lstm, gru

    /// G.
    var gates: Int { [1, 4, 3][index] }
    /// P.
    var blocks: Int { [1, 4, 4][index] }
    private var index: Int { Cell.allCases.firstIndex(of: self) ?? 0 }

    func forward(_ kernels: unroll_kernels, _ steps: unroll_steps) {
      var steps = steps
      switch self {
      case .rnn: kernels.rnn_forward_steps(&steps, UNROLL_TANH, 0)
      case .lstm: kernels.lstm_forward_steps(&steps)
      case .gru: kernels.gru_forward_steps(&steps)
      }
    }

    func backward(_ kernels: unroll_kernels, _ steps: unroll_steps) {
      var steps = steps
      switch self {
      case .rnn: kernels.rnn_backward_steps(&steps, UNROLL_TANH, 0)
      case .lstm: kernels.lstm_backward_steps(&steps)
      case .gru: kernels.gru_backward_steps(&steps)
      }
    }
  }

  /// The matrices of a run of four steps, with gaps between rows, and their gradients.
  struct Run<Element: Scalar> {
    static var steps: Int { 4 }

    let cell: Cell
    let rows, hidden: Int
    let weight: Matrix<Element>
    let gates, state, cellState: Matrix<Element>
    let stateGradient, carry, cellGradient, gateGradients: Matrix<Element>

    /// - Parameter keepsCellGradients: keep ∂ℓ/∂c of every step rather than of the last alone.
    init(_ cell: Cell, rows: Int, hidden: Int, keepsCellGradients: Bool = true) {
      self.cell = cell
      self.rows = rows
      self.hidden = hidden
      var random = KernelRandom(seed: 13)
      func numbers(_ rows: Int, _ columns: Int, size: Double) -> Matrix<Element> {
        let matrix = Matrix<Element>(rows: rows, paddedColumns: columns)
        matrix.assign((0..<matrix.count).map { _ in random.uniform(-size...size) })
        return matrix
      }
      // Weights of PyTorch's size, so that states and gradients stay of the order of 1.
      weight = numbers(cell.gates * hidden, hidden, size: 1 / Double(hidden).squareRoot())
      gates = numbers(Self.steps * rows, cell.blocks * hidden, size: 2)
      state = numbers((Self.steps + 1) * rows, hidden, size: 1)
      cellState = numbers((Self.steps + 1) * rows, hidden, size: 1)
      stateGradient = numbers((Self.steps + 1) * rows, hidden, size: 1)
      carry = numbers(rows, hidden, size: 1)
      cellGradient = Matrix(rows: (keepsCellGradients ? Self.steps : 1) * rows, columns: hidden)
      gateGradients = numbers(gates.rows, gates.columns, size: 1)
    }

    /// A copy of its own.
    init(_ other: Run) {
      func copy(_ matrix: Matrix<Element>) -> Matrix<Element> {
        let copy = Matrix<Element>(rows: matrix.rows, paddedColumns: matrix.columns)
        copy.assign(matrix)
        return copy
      }
      (cell, rows, hidden, weight) = (other.cell, other.rows, other.hidden, other.weight)
      (gates, state, cellState) = (copy(other.gates), copy(other.state), copy(other.cellState))
      (stateGradient, carry) = (copy(other.stateGradient), copy(other.carry))
      (cellGradient, gateGradients) = (copy(other.cellGradient), copy(other.gateGradients))
    }

    func block(_ matrix: Matrix<Element>, _ step: Int) -> Matrix<Element> {
      matrix.block(step, height: rows)
    }

    /// The columns of the gates' blocks that the recurrent product enters.
    func recurrent(_ matrix: Matrix<Element>) -> Matrix<Element> {
      matrix.columns(0..<cell.gates * hidden)
    }

    // MARK: One step after the other

    func goStepByStep() {
      for step in 0..<Self.steps {
        let gates = block(gates, step)
        recurrent(gates).formProduct(block(state, step), weight, transposing: .right, adding: true)
        switch cell {
        case .rnn: block(state, step + 1).apply(.tanh, to: gates)
        case .lstm:
          LSTMPointwise.forward(
            gates: gates, previousCell: block(cellState, step), cell: block(cellState, step + 1),
            hidden: block(state, step + 1))
        case .gru:
          GRUPointwise.forward(
            gates: gates, previousHidden: block(state, step), hidden: block(state, step + 1))
        }
      }
      for step in (0..<Self.steps).reversed() {
        let (gates, deltas) = (block(gates, step), block(gateGradients, step))
        let (after, before) = (block(stateGradient, step + 1), block(stateGradient, step))
        switch cell {
        case .rnn:
          deltas.applyDerivative(
            of: .tanh, preActivations: gates, outputs: block(state, step + 1), gradient: after)
        case .lstm:
          LSTMPointwise.backward(
            gates: gates, previousCell: block(cellState, step), cell: block(cellState, step + 1),
            hiddenGradient: after, cellCarry: carry,
            cellGradient: cellGradient.rows > rows ? block(cellGradient, step) : cellGradient,
            gateGradients: deltas)
        case .gru:
          GRUPointwise.backward(
            gates: gates, previousHidden: block(state, step), hiddenGradient: after,
            previousHiddenGradient: before, gateGradients: deltas)
        }
        before.formProduct(recurrent(deltas), weight, adding: true)
      }
    }

    // MARK: In one call

    func steps(profile: StepProfile? = nil) -> RecurrentSteps<Element> {
      let panels = PackedMatrix<Element>(rows: hidden, columns: weight.rows)
      panels.assign(weight, transposed: true)
      return RecurrentSteps(
        rows: rows, weight: panels, gates: gates, hidden: state, cell: cellState, profile: profile)
    }

    var gradients: RecurrentStepGradients<Element> {
      let panels = PackedMatrix<Element>(rows: weight.rows, columns: hidden)
      panels.assign(weight)
      return RecurrentStepGradients(
        weight: panels, hidden: stateGradient, cellCarry: carry, cell: cellGradient,
        gates: gateGradients)
    }

    func goInOneCall(profile: StepProfile? = nil) {
      let steps = steps(profile: profile)
      switch cell {
      case .rnn:
        steps.forwardRNN(.tanh, slope: 0)
        gradients.backwardRNN(steps, .tanh, slope: 0)
      case .lstm:
        steps.forwardLSTM()
        gradients.backwardLSTM(steps)
      case .gru:
        steps.forwardGRU()
        gradients.backwardGRU(steps)
      }
    }

    /// The same with the kernels of a table, whose panels may be of another width.
    func goInOneCall(of kernels: unroll_kernels) {
      let (units, width) = (weight.rows, kernels.panel_width)
      func go(
        _ steps: unroll_steps, k: Int, n: Int, strides: (k: Int, n: Int),
        _ body: (unroll_kernels, unroll_steps) -> Void
      ) {
        var steps = steps
        var panels = [Element](repeating: 0, count: (n + width - 1) / width * width * k)
        panels.withUnsafeMutableBytes {
          kernels.lay_out_panels(k, n, weight.pointer, strides.k, strides.n, $0.baseAddress)
          steps.weights = UnsafeRawPointer($0.baseAddress)
          body(kernels, steps)
        }
      }
      let (run, stride) = (self.steps(), weight.stride)
      go(
        run.forwardSteps(gates: cell.gates), k: hidden, n: units, strides: (1, stride),
        cell.forward)
      var backward = gradients.backwardSteps(run, gates: cell.gates)
      backward.dc_carry = UnsafeMutableRawPointer(carry.pointer)
      backward.ld_dc_carry = carry.stride
      backward.dc = UnsafeMutableRawPointer(cellGradient.pointer)
      backward.ld_dc = cellGradient.stride
      backward.dc_step = cellGradient.rows > rows ? rows * cellGradient.stride : 0
      go(backward, k: units, n: hidden, strides: (stride, 1), cell.backward)
    }

    // MARK: Comparison

    /// Expects each matrix within `ulps` units in the last place of its largest element.
    func expectClose(to plain: Run, ulps: Double, _ what: String) {
      for (name, mine, others) in [
        ("gates", gates, plain.gates), ("h", state, plain.state),
        ("c", cellState, plain.cellState), ("dh", stateGradient, plain.stateGradient),
        ("carry", carry, plain.carry), ("dc", cellGradient, plain.cellGradient),
        ("dgates", gateGradients, plain.gateGradients),
      ] {
        let (got, wanted) = (mine.values, others.values)
        let size = wanted.reduce(0) { max($0, abs($1)) } * Double(Element.ulpOfOne)
        let worst = zip(got, wanted).reduce(0) { worst, pair in
          let error = pair.0 == pair.1 ? 0 : abs(pair.0 - pair.1) / size
          return error <= worst ? worst : error.isNaN ? .infinity : error
        }
        #expect(got.count == wanted.count && worst <= ulps, "\(what) \(name): \(worst) ulps off")
      }
    }
  }

  static let sizes = [(1, 1), (1, 33), (3, 5), (3, 250), (17, 1), (17, 33)]

  @Test(arguments: Cell.allCases, sizes) func oneCallIsStepByStep(
    _ cell: Cell, _ size: (rows: Int, hidden: Int)
  ) throws {
    for keeps in cell == .lstm ? [true, false] : [true] {
      try check(
        Run<Float>(cell, rows: size.rows, hidden: size.hidden, keepsCellGradients: keeps))
      try check(
        Run<Double>(cell, rows: size.rows, hidden: size.hidden, keepsCellGradients: keeps))
    }
  }

  private func check<Element: Scalar>(_ start: Run<Element>) throws {
    let plain = Run(start)
    plain.goStepByStep()
    let called = Run(start)
    called.goInOneCall()
    called.expectClose(to: plain, ulps: 50, "in use, \(Element.self)")
    for variant in KernelVariant.supported where variant.element == Element.self {
      let run = Run(start)
      run.goInOneCall(of: try variant.kernels())
      run.expectClose(to: plain, ulps: 50, variant.testDescription)
    }
  }

  @Test(arguments: Cell.allCases) func profileCountsBothParts(_ cell: Cell) {
    let profile = StepProfile()
    let run = Run<Float>(cell, rows: 17, hidden: 33)
    let (plain, timed) = (Run(run), Run(run))
    plain.goInOneCall()
    timed.goInOneCall(profile: profile)
    #expect(profile.product > 0 && profile.pointwise > 0)
    #expect(timed.stateGradient.elements == plain.stateGradient.elements)
    profile.reset()
    #expect(profile.product == 0 && profile.pointwise == 0)
  }

  @Test func sizesThatDoNotFitTrap() async {
    await #expect(processExitsWith: .failure) {
      // Three gates are not an LSTM's.
      Run<Float>(.gru, rows: 2, hidden: 3).steps().forwardLSTM()
    }
    await #expect(processExitsWith: .failure) {
      let run = Run<Float>(.rnn, rows: 2, hidden: 3)
      _ = RecurrentSteps(
        rows: 2, weight: run.steps().weight, gates: run.gates, hidden: run.gates, cell: run.gates)
    }
  }
}
