import CUnrollVectorKernels
import Foundation
import Testing

/// The pointwise part of the GRU against its equations in Float64, and its gradients against
/// central differences.
@Suite struct GRUKernelTests {
  /// The arrays of one GRU step.
  struct Step<Element: KernelElement> {
    var gates: GuardedMatrix<Element>
    let before: GuardedMatrix<Element>
    var out: GuardedMatrix<Element>

    init(_ preactivations: GuardedMatrix<Element>, _ before: GuardedMatrix<Element>) {
      gates = preactivations.asOutput()
      self.before = before
      out = .output(before.rows, before.columns)
    }

    mutating func forward(_ kernels: unroll_kernels) {
      kernels.gru_forward(
        before.rows, before.columns, &gates.storage, gates.stride, before.storage, before.stride,
        &out.storage, out.stride)
    }
  }

  /// Gradients of sum(dh h) by one GRU step's inputs; `before` is added to `start`.
  struct Gradients<Element: KernelElement> {
    var before: GuardedMatrix<Element>
    var gates: GuardedMatrix<Element>

    init(
      _ step: Step<Element>, dh: GuardedMatrix<Element>, start: GuardedMatrix<Element>,
      _ kernels: unroll_kernels
    ) {
      before = start.asOutput()
      gates = .output(dh.rows, 4 * dh.columns)
      kernels.gru_backward(
        dh.rows, dh.columns, step.gates.storage, step.gates.stride, step.before.storage,
        step.before.stride, dh.storage, dh.stride, &before.storage, before.stride, &gates.storage,
        gates.stride)
    }
  }

  /// Sigmoid and tanh are within 3 units; forward adds a sum of up to three roundings, backward
  /// products of up to five factors.
  @Test(arguments: KernelVariant.supported, KernelShape.all)
  func equations(_ variant: KernelVariant, _ shape: KernelShape) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      var random = KernelRandom(seed: 9)
      let (rows, hidden) = (shape.rows, shape.columns)
      func input(_ columns: Int) -> GuardedMatrix<Element> {
        .input(rows, columns) { _, _ in random.uniform(-2...2) }
      }
      let pre = input(4 * hidden)
      let (before, dh, start) = (input(hidden), input(hidden), input(hidden))
      func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

      var step = Step(pre, before)
      step.forward(kernels)
      let gates = step.gates
      /// r, z, q, n.
      func gate(_ number: Int, _ r: Int, _ j: Int) -> Double {
        gates.double(r, number * hidden + j)
      }
      gates.expectClose(ulps: 4, "gates") { r, column in
        let j = column % hidden
        return switch column / hidden {
        case 0, 1: sigmoid(pre.double(r, column))
        case 2: pre.double(r, column)
        default: tanh(pre.double(r, column) + gate(0, r, j) * gate(2, r, j))
        }
      }
      step.out.expectClose(ulps: 4, "h") { r, j in
        (1 - gate(1, r, j)) * gate(3, r, j) + gate(1, r, j) * before.double(r, j)
      }

      let gradients = Gradients(step, dh: dh, start: start, kernels)
      gradients.before.expectClose(ulps: 4, "dh_prev") { r, j in
        start.double(r, j) + dh.double(r, j) * gate(1, r, j)
      }
      gradients.gates.expectClose(ulps: 8, "dgates") { row, column in
        let j = column % hidden
        let (r, z, q, n) = (gate(0, row, j), gate(1, row, j), gate(2, row, j), gate(3, row, j))
        let dn = dh.double(row, j) * (1 - z) * (1 - n * n)
        return switch column / hidden {
        case 0: dn * q * r * (1 - r)
        case 1: dh.double(row, j) * (before.double(row, j) - n) * z * (1 - z)
        case 2: dn * r
        default: dn
        }
      }
    }
    try check(variant.element, variant.kernels())
  }

  /// Elements do not mix, so all of one kind are shifted at once and each is compared by itself.
  @Test(arguments: KernelVariant.supportedDouble)
  func gradientIsTheDerivative(_ variant: KernelVariant) throws {
    let kernels = try variant.kernels()
    var random = KernelRandom(seed: 10)
    let (rows, hidden) = (3, 33)
    func input(_ columns: Int) -> GuardedMatrix<Double> {
      .input(rows, columns) { _, _ in random.uniform(-1.5...1.5) }
    }
    let pre = input(4 * hidden)
    let (before, dh) = (input(hidden), input(hidden))
    var step = Step(pre, before)
    step.forward(kernels)
    let zero = GuardedMatrix<Double>.input(rows, hidden) { _, _ in 0 }
    let gradients = Gradients(step, dh: dh, start: zero, kernels)

    /// dh h of each element with inputs 0...3 (the gates) or 4 (h_prev) shifted.
    func values(_ shifted: Int, by shift: Double) -> [Double] {
      var step = Step<Double>(
        .input(rows, 4 * hidden) { pre[$0, $1] + ($1 / hidden == shifted ? shift : 0) },
        .input(rows, hidden) { before[$0, $1] + (shifted == 4 ? shift : 0) })
      step.forward(kernels)
      return (0..<rows * hidden).map {
        dh[$0 / hidden, $0 % hidden] * step.out[$0 / hidden, $0 % hidden]
      }
    }
    let width = CellKernelTests.step
    for shifted in 0...4 {
      let (above, below) = (values(shifted, by: width), values(shifted, by: -width))
      for place in 0..<rows * hidden {
        let (r, j) = (place / hidden, place % hidden)
        let gradient =
          shifted == 4 ? gradients.before[r, j] : gradients.gates[r, shifted * hidden + j]
        let difference = (above[place] - below[place]) / (2 * width)
        #expect(
          abs(difference - gradient) < CellKernelTests.differenceBound,
          "input \(shifted), \(r), \(j)"
        )
      }
    }
  }
}
