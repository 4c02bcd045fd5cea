import CUnrollVectorKernels
import Foundation
import Testing

/// The pointwise parts of the cells against plain references, and their gradients against central
/// differences.
@Suite struct CellKernelTests {
  /// Step and bound of the central differences: the step's square and the rounding of a value of
  /// about 1 divided by the step are both below 1e-10.
  static let step = 6e-6
  static let differenceBound = 1e-8

  @Test(arguments: KernelVariant.supported, KernelShape.all)
  func slopeGradient(_ variant: KernelVariant, _ shape: KernelShape) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      var random = KernelRandom(seed: 5)
      let (rows, columns) = (shape.rows, shape.columns)
      let pre = GuardedMatrix<Element>.input(rows, columns) { _, _ in random.uniform(-2...2) }
      let dh = GuardedMatrix<Element>.input(rows, columns) { _, _ in random.uniform(-2...2) }
      var (expected, size) = (0.0, 1.0)
      for r in 0..<rows {
        for j in 0..<columns {
          let term = dh.double(r, j) * min(pre.double(r, j), 0)
          expected += term
          size += abs(term)
        }
      }
      let gradient = kernels.slope_gradient(
        rows, columns, pre.storage, pre.stride, dh.storage, dh.stride)
      // Both sums are in double; their order differs.
      #expect(abs(gradient - expected) <= 1e-15 * size * Double(rows * columns))
    }
    try check(variant.element, variant.kernels())
  }

  /// The arrays of one LSTM step.
  struct LSTMStep<Element: KernelElement> {
    var gates: GuardedMatrix<Element>
    let before: GuardedMatrix<Element>
    var cell: GuardedMatrix<Element>
    var out: GuardedMatrix<Element>

    init(_ preactivations: GuardedMatrix<Element>, _ before: GuardedMatrix<Element>) {
      gates = preactivations.asOutput()
      self.before = before
      cell = .output(before.rows, before.columns)
      out = cell
    }

    mutating func forward(_ kernels: unroll_kernels) {
      kernels.lstm_forward(
        before.rows, before.columns, &gates.storage, gates.stride, before.storage, before.stride,
        &cell.storage, cell.stride, &out.storage, out.stride)
    }
  }

  /// Gradients of sum(dh h + carry c) by one LSTM step's inputs.
  struct LSTMGradients<Element: KernelElement> {
    var total: GuardedMatrix<Element>
    var before: GuardedMatrix<Element>
    var gates: GuardedMatrix<Element>

    init(
      _ step: LSTMStep<Element>, dh: GuardedMatrix<Element>, carry: GuardedMatrix<Element>,
      _ kernels: unroll_kernels
    ) {
      let (rows, hidden) = (dh.rows, dh.columns)
      total = .output(rows, hidden)
      before = total
      gates = .output(rows, 4 * hidden)
      kernels.lstm_backward(
        rows, hidden, step.gates.storage, step.gates.stride, step.before.storage,
        step.before.stride, step.cell.storage, step.cell.stride, dh.storage, dh.stride,
        carry.storage, carry.stride, &total.storage, total.stride, &before.storage, before.stride,
        &gates.storage, gates.stride)
    }
  }

  @Test(arguments: KernelVariant.supported, KernelShape.all)
  func lstm(_ variant: KernelVariant, _ shape: KernelShape) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      var random = KernelRandom(seed: 6)
      let (rows, hidden) = (shape.rows, shape.columns)
      func input(_ columns: Int) -> GuardedMatrix<Element> {
        .input(rows, columns) { _, _ in random.uniform(-2...2) }
      }
      let pre = input(4 * hidden)
      let (before, dh, carry) = (input(hidden), input(hidden), input(hidden))
      func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

      var step = LSTMStep(pre, before)
      step.forward(kernels)
      step.gates.expectClose(ulps: 4, "gates") { r, j in
        j / hidden == 2 ? tanh(pre.double(r, j)) : sigmoid(pre.double(r, j))
      }
      let gates = step.gates
      func gate(_ number: Int, _ r: Int, _ j: Int) -> Double {
        gates.double(r, number * hidden + j)
      }
      step.cell.expectClose(ulps: 4, "c") { r, j in
        gate(1, r, j) * before.double(r, j) + gate(0, r, j) * gate(2, r, j)
      }
      let cell = step.cell
      step.out.expectClose(ulps: 4, "h") { r, j in gate(3, r, j) * tanh(cell.double(r, j)) }

      let gradients = LSTMGradients(step, dh: dh, carry: carry, kernels)
      func total(_ r: Int, _ j: Int) -> Double {
        let squashed = tanh(cell.double(r, j))
        return carry.double(r, j) + dh.double(r, j) * gate(3, r, j) * (1 - squashed * squashed)
      }
      gradients.total.expectClose(ulps: 8, "dc", to: total)
      gradients.before.expectClose(ulps: 8, "dc_prev") { gate(1, $0, $1) * total($0, $1) }
      gradients.gates.expectClose(ulps: 8, "dgates") { r, column in
        let j = column % hidden
        let (i, f, g, o) = (gate(0, r, j), gate(1, r, j), gate(2, r, j), gate(3, r, j))
        switch column / hidden {
        case 0: return total(r, j) * g * i * (1 - i)
        case 1: return total(r, j) * before.double(r, j) * f * (1 - f)
        case 2: return total(r, j) * i * (1 - g * g)
        default: return dh.double(r, j) * tanh(cell.double(r, j)) * o * (1 - o)
        }
      }
    }
    try check(variant.element, variant.kernels())
  }

  @Test(arguments: KernelVariant.supported, KernelShape.all)
  func lstmInPlace(_ variant: KernelVariant, _ shape: KernelShape) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      var random = KernelRandom(seed: 7)
      let (rows, hidden) = (shape.rows, shape.columns)
      func input(_ columns: Int) -> GuardedMatrix<Element> {
        .input(rows, columns) { _, _ in random.uniform(-2...2) }
      }
      let pre = input(4 * hidden)
      let (before, dh, carry) = (input(hidden), input(hidden), input(hidden))
      var step = LSTMStep(pre, before)
      step.forward(kernels)
      let gradients = LSTMGradients(step, dh: dh, carry: carry, kernels)

      var gates = pre.asOutput()
      var cell = before.asOutput()
      var out = GuardedMatrix<Element>.output(rows, hidden)
      cell.storage.withUnsafeMutableBytes {
        kernels.lstm_forward(
          rows, hidden, &gates.storage, gates.stride, $0.baseAddress, before.stride,
          $0.baseAddress, before.stride, &out.storage, out.stride)
      }
      #expect(gates.storage == step.gates.storage)
      #expect(cell.storage == step.cell.storage, "c in c_prev's place")
      #expect(out.storage == step.out.storage)

      var total = GuardedMatrix<Element>.output(rows, hidden)
      var passing = carry.asOutput()
      passing.storage.withUnsafeMutableBytes { passing in
        gates.storage.withUnsafeMutableBytes { gates in
          kernels.lstm_backward(
            rows, hidden, gates.baseAddress, pre.stride, before.storage, before.stride,
            cell.storage, cell.stride, dh.storage, dh.stride, passing.baseAddress, carry.stride,
            &total.storage, total.stride, passing.baseAddress, carry.stride, gates.baseAddress,
            pre.stride)
        }
      }
      #expect(total.storage == gradients.total.storage)
      #expect(passing.storage == gradients.before.storage, "dc_prev in dc_carry's place")
      #expect(gates.storage == gradients.gates.storage, "dgates in gates' place")
    }
    try check(variant.element, variant.kernels())
  }

  /// Elements do not mix, so all of one kind are shifted at once and each is compared by itself.
  @Test(arguments: KernelVariant.supportedDouble)
  func lstmGradientIsTheDerivative(_ variant: KernelVariant) throws {
    let kernels = try variant.kernels()
    var random = KernelRandom(seed: 8)
    let (rows, hidden) = (3, 33)
    func input(_ columns: Int) -> GuardedMatrix<Double> {
      .input(rows, columns) { _, _ in random.uniform(-1.5...1.5) }
    }
    let pre = input(4 * hidden)
    let (before, dh, carry) = (input(hidden), input(hidden), input(hidden))
    var step = LSTMStep(pre, before)
    step.forward(kernels)
    let gradients = LSTMGradients(step, dh: dh, carry: carry, kernels)

    /// dh h + carry c of each element with inputs 0...3 (the gates) or 4 (c_prev) shifted.
    func values(_ shifted: Int, by shift: Double) -> [Double] {
      var step = LSTMStep<Double>(
        .input(rows, 4 * hidden) { pre[$0, $1] + ($1 / hidden == shifted ? shift : 0) },
        .input(rows, hidden) { before[$0, $1] + (shifted == 4 ? shift : 0) })
      step.forward(kernels)
      return (0..<rows * hidden).map {
        let (r, j) = ($0 / hidden, $0 % hidden)
        return dh[r, j] * step.out[r, j] + carry[r, j] * step.cell[r, j]
      }
    }
    for shifted in 0...4 {
      let (above, below) = (values(shifted, by: Self.step), values(shifted, by: -Self.step))
      for place in 0..<rows * hidden {
        let (r, j) = (place / hidden, place % hidden)
        let gradient =
          shifted == 4 ? gradients.before[r, j] : gradients.gates[r, shifted * hidden + j]
        let difference = (above[place] - below[place]) / (2 * Self.step)
        #expect(abs(difference - gradient) < Self.differenceBound, "input \(shifted), \(r), \(j)")
      }
    }
  }
}
