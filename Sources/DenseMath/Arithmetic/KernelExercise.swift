import CUnrollVectorKernels

/// What the kernels of one table make of fixed numbers, which are exact in Float32 and Float64: tables
/// that compute the same give the same, but for rounding.
///
/// The widths are odd: whole groups of vectors, single vectors and a rest.
struct KernelExercise<Element: Scalar & BitwiseCopyable> {
  /// What one kernel has written.
  struct Output {
    let kernel: StaticString
    /// The activation's kind, where the kernel has several.
    var kind: UInt32?
    let values: [Double]
  }

  private let table: unroll_kernels
  private(set) var outputs: [Output] = []

  private static var rows: Int { 3 }
  private static var columns: Int { 83 }
  private static var count: Int { rows * columns }

  init(_ table: unroll_kernels) {
    self.table = table
    outputs.reserveCapacity(96)
    useElementwise()
    useActivations()
    useLSTM()
    useGRU()
    useSteps()
    useProduct()
    useRows()
    useLosses()
    useFlatBuffers()
    useOptimizers()
  }

  private mutating func keep(_ kernel: StaticString, _ values: [Element], kind: UInt32? = nil) {
    keep(kernel, values.map { Double($0) }, kind: kind)
  }

  private mutating func keep(_ kernel: StaticString, _ values: [Double], kind: UInt32? = nil) {
    outputs.append(Output(kernel: kernel, kind: kind, values: values))
  }

  /// Odd multiples of 1/128 in (−scale, scale): none is 0, or a kink of an activation.
  private func numbers(_ count: Int, _ seed: Int, scale: Int = 2) -> [Element] {
    (0..<count).map { index in
      let odd = 2 * ((index &* 37 &+ seed &* 11) & 127) - 127
      return Element(scale * odd) / 128
    }
  }

  private func zeros(_ count: Int) -> [Element] { Array(repeating: 0, count: count) }

  // MARK: The kernels

  private mutating func useElementwise() {
    let x = numbers(Self.count, 1, scale: 8)
    var y = zeros(x.count)
    table.exp(x.count, x, &y)
    keep("exp", y)
    table.tanh(x.count, x, &y)
    keep("tanh", y)
    table.sigmoid(x.count, x, &y)
    keep("sigmoid", y)
  }

  private mutating func useActivations() {
    let n = Self.columns
    let (pre, dh) = (numbers(n, 2, scale: 8), numbers(n, 3))
    // A power of two, whose products are exact.
    let constant = 0.5
    for kind in UNROLL_IDENTITY.rawValue...UNROLL_SOFTPLUS.rawValue {
      let activation = unroll_activation(rawValue: kind)
      var (h, dpre) = (zeros(n), zeros(n))
      table.activation_forward(activation, constant, 1, n, pre, n, &h, n)
      keep("activation_forward", h, kind: kind)
      table.activation_backward(activation, constant, 1, n, pre, n, h, n, dh, n, &dpre, n)
      keep("activation_backward", dpre, kind: kind)
    }
    // Numbers of U[0, 1).
    var h = numbers(n, 4).map { $0 * $0 / 4 }
    table.random_leaky_forward(0.125, 0.25, 1, n, pre, n, &h, n)
    keep("random_leaky_forward", h)
    keep("slope_gradient", [table.slope_gradient(1, n, pre, n, dh, n)])
  }

  private mutating func useLSTM() {
    let (rows, hidden, n) = (Self.rows, Self.columns, Self.count)
    let (before, dh, carry) = (numbers(n, 6), numbers(n, 7), numbers(n, 8))
    var (gates, c, h) = (numbers(4 * n, 5, scale: 4), zeros(n), zeros(n))
    table.lstm_forward(
      rows, hidden, &gates, 4 * hidden, before, hidden, &c, hidden, &h, hidden)
    keep("lstm_forward", gates + c + h)
    var (total, previous, dgates) = (zeros(n), zeros(n), zeros(4 * n))
    table.lstm_backward(
      rows, hidden, gates, 4 * hidden, before, hidden, c, hidden, dh, hidden, carry, hidden, &total,
      hidden, &previous, hidden, &dgates, 4 * hidden)
    keep("lstm_backward", total + previous + dgates)
  }

  private mutating func useGRU() {
    let (rows, hidden, n) = (Self.rows, Self.columns, Self.count)
    let (before, dh) = (numbers(n, 10), numbers(n, 11))
    var (gates, h, previous) = (numbers(4 * n, 9, scale: 4), zeros(n), numbers(n, 12))
    table.gru_forward(rows, hidden, &gates, 4 * hidden, before, hidden, &h, hidden)
    keep("gru_forward", gates + h)
    var dgates = zeros(4 * n)
    table.gru_backward(
      rows, hidden, gates, 4 * hidden, before, hidden, dh, hidden, &previous, hidden, &dgates,
      4 * hidden)
    keep("gru_backward", previous + dgates)
  }

  private mutating func useSteps() {
    let (table, tanh, sigmoid) = (table, UNROLL_TANH, UNROLL_SIGMOID)
    useSteps(
      "rnn_forward_steps", "rnn_backward_steps", gates: 1, blocks: 1,
      { table.rnn_forward_steps($0, tanh, 0) }, { table.rnn_backward_steps($0, tanh, 0) })
    useSteps(
      "rnn_forward_steps", "rnn_backward_steps", gates: 1, blocks: 1,
      { table.rnn_forward_steps($0, sigmoid, 0) }, { table.rnn_backward_steps($0, sigmoid, 0) })
    useSteps(
      "lstm_forward_steps", "lstm_backward_steps", gates: 4, blocks: 4,
      { table.lstm_forward_steps($0) }, { table.lstm_backward_steps($0) })
    useSteps(
      "gru_forward_steps", "gru_backward_steps", gates: 3, blocks: 4,
      { table.gru_forward_steps($0) }, { table.gru_backward_steps($0) })
  }

  private mutating func useSteps(
    _ forwardName: StaticString, _ backwardName: StaticString, gates count: Int, blocks: Int,
    _ forward: (UnsafePointer<unroll_steps>) -> Void,
    _ backward: (UnsafePointer<unroll_steps>) -> Void
  ) {
    let (rows, hidden, length) = (7, 21, 2)
    let (block, units) = (rows * hidden, count * hidden)
    // Small, so that states and gradients stay of the order of 1.
    let weights = numbers(units * hidden, 13).map { $0 / 16 }
    var gates = numbers(length * block * blocks, 14)
    var (h, c) = (numbers((length + 1) * block, 15), numbers((length + 1) * block, 16))
    var (dh, carry) = (numbers((length + 1) * block, 17), numbers(block, 18))
    var (dc, dgates) = (zeros(length * block), zeros(gates.count))
    // W_hhᵀ, then W_hh.
    let panels = [
      panels(weights, k: hidden, n: units, strides: (k: 1, n: hidden)),
      panels(weights, k: units, n: hidden, strides: (k: hidden, n: 1)),
    ]

    var steps = unroll_steps()
    (steps.steps, steps.rows, steps.hidden, steps.gates_count) = (length, rows, hidden, count)
    (steps.ld_gates, steps.ld_dgates) = (blocks * hidden, blocks * hidden)
    (steps.ld_h, steps.ld_c, steps.ld_dh) = (hidden, hidden, hidden)
    (steps.ld_dc_carry, steps.ld_dc, steps.dc_step) = (hidden, hidden, block)
    func withAddresses(_ body: () -> Void) {
      gates.withUnsafeMutableBytes { gates in
        h.withUnsafeMutableBytes { h in
          c.withUnsafeMutableBytes { c in
            dh.withUnsafeMutableBytes { dh in
              carry.withUnsafeMutableBytes { carry in
                dc.withUnsafeMutableBytes { dc in
                  dgates.withUnsafeMutableBytes { dgates in
                    (steps.gates, steps.h, steps.c) = (
                      gates.baseAddress, h.baseAddress, c.baseAddress
                    )
                    (steps.dh, steps.dc_carry) = (dh.baseAddress, carry.baseAddress)
                    (steps.dc, steps.dgates) = (dc.baseAddress, dgates.baseAddress)
                    body()
                  }
                }
              }
            }
          }
        }
      }
    }
    withAddresses {
      panels[0].withUnsafeBytes {
        steps.weights = $0.baseAddress
        forward(&steps)
      }
    }
    keep(forwardName, gates + h + (count == 4 ? c : []))
    withAddresses {
      panels[1].withUnsafeBytes {
        steps.weights = $0.baseAddress
        backward(&steps)
      }
    }
    keep(backwardName, dh + dgates + (count == 4 ? carry + dc : []))
  }

  private func panels(
    _ matrix: [Element], k: Int, n: Int, strides: (k: Int, n: Int)
  ) -> [Element] {
    let width = table.panel_width
    var panels = zeros((n + width - 1) / width * width * k)
    table.lay_out_panels(k, n, matrix, strides.k, strides.n, &panels)
    return panels
  }

  private mutating func useProduct() {
    let (m, n, k) = (13, Self.columns, 29)
    let (a, addend) = (numbers(m * k, 19), numbers(n, 20))
    let panels = panels(numbers(k * n, 21), k: k, n: n, strides: (k: n, n: 1))
    let width = table.panel_width
    var c = zeros(m * n)
    table.product(m, n, k, a, k, 1, panels, k * width, width, addend, 0, &c, n)
    keep("product", c)
    // The rows of aᵀ are the columns of a.
    table.product(m, n, k, a, 1, m, panels, k * width, width, nil, 0, &c, n)
    keep("product", c)
  }

  private mutating func useRows() {
    let (rows, columns, n) = (Self.rows, Self.columns, Self.count)
    let (x, index) = (numbers(n, 22), [Int32]([2, 0, 2]))
    var y = zeros(n)
    table.fill_rows(rows, columns, x, Array(x.dropFirst(columns)), &y, columns)
    keep("fill_rows", y)
    y = numbers(n, 23)
    table.add_column_sums(rows, columns, x, columns, &y)
    keep("add_column_sums", y)
    table.gather_add_rows(rows, columns, index, x, columns, &y, columns)
    keep("gather_add_rows", y)
    table.scatter_add_rows(rows, columns, index, x, columns, &y, columns)
    keep("scatter_add_rows", y)
    table.transpose(rows, columns, x, columns, &y, rows)
    keep("transpose", y)
    y = numbers(n, 24)
    table.add(rows, columns, x, columns, &y, columns)
    keep("add", y)
    table.multiply(rows, columns, x, columns, &y, columns)
    keep("multiply", y)
    table.divide(rows, columns, x, columns, &y, columns)
    keep("divide", y)
    table.square_root(rows, columns, x.map { $0 * $0 + 1 }, columns, &y, columns)
    keep("square_root", y)
    var norms = [Double](repeating: 0, count: rows)
    table.row_norms(rows, columns, x, columns, &norms)
    keep("row_norms", norms)
    keep("dot", [table.dot(n, x, y)])
  }

  private mutating func useLosses() {
    let (rows, columns, n) = (Self.rows, Self.columns, Self.count)
    let (x, targets) = (numbers(n, 25, scale: 4), [Int32]([0, 81, 40]))
    // The second row does not count.
    let weights: [Element] = [1, 0, 0.5]
    var (losses, hits) = ([Double](repeating: 0, count: rows), [UInt8](repeating: 0, count: rows))
    var dx = zeros(n)
    table.softmax_cross_entropy(
      rows, columns, x, columns, targets, weights, &dx, columns, &losses, &hits)
    keep("softmax_cross_entropy", dx.map { Double($0) } + losses + hits.map(Double.init))
    table.squared_error(
      rows, columns, x, columns, numbers(n, 26), columns, weights, &dx, columns, &losses)
    keep("squared_error", dx.map { Double($0) } + losses)
  }

  private mutating func useFlatBuffers() {
    let n = Self.count
    let x = numbers(n, 27)
    var y = x
    let changes = table.clamp(n, 1, &y)
    keep("clamp", y + [changes ? 1 : 0])
    table.add_sign(n, 0.25, x, &y)
    keep("add_sign", y)
    // The largest is just below 2.
    keep("all_below", [0, 1].map { table.all_below(n, $0, x) ? 1 : 0 })
  }

  private mutating func useOptimizers() {
    let n = Self.count
    let (g, square) = (numbers(n, 28), numbers(n, 29).map { $0 * $0 })
    var (w, v) = (numbers(n, 30), numbers(n, 31))
    table.sgd(n, 0.125, 0.25, g, &w)
    keep("sgd", w)
    table.momentum(n, 0.125, 0.25, 0.5, g, &w, &v)
    keep("momentum", w + v)
    v = square
    table.rmsprop(n, 0.125, 0.25, 0.75, 0.5, g, &w, &v)
    keep("rmsprop", w + v)
    for isDecoupled in [false, true] {
      var m = numbers(n, 32)
      v = square
      table.adam(n, 0.125, 0.25, isDecoupled, 0.5, 0.75, 0.5, 3, g, &w, &m, &v)
      keep("adam", w + m + v)
    }
  }
}
