import CUnrollVectorKernels
import Testing

/// Every activation in every table against a plain reference, and its derivative against central
/// differences.
@Suite struct ActivationKernelTests {
  @Test func kindsAreNumberedAsInTheHeader() {
    #expect(ActivationKernel.kinds == ActivationKernel.allCases.map(\.kind))
  }

  static func apply<Element: KernelElement>(
    _ kernels: unroll_kernels, _ activation: ActivationKernel, _ x: [Element]
  ) -> (values: [Element], slopes: [Element]) {
    let n = x.count
    var (h, slopes) = ([Element](repeating: -99, count: n), [Element](repeating: -99, count: n))
    let ones = [Element](repeating: 1, count: n)
    kernels.activation_forward(activation.kind, activation.constant, 1, n, x, n, &h, n)
    kernels.activation_backward(
      activation.kind, activation.constant, 1, n, x, n, h, n, ones, n, &slopes, n)
    return (h, slopes)
  }

  /// |value − exact| in ulps of the exact value, or of `terms` where those are larger.
  private static func ulps<Element: KernelElement>(
    _ value: Element, _ exact: Element.Wide, terms: Element.Wide = 0
  ) -> Double {
    let unit = Element(max(exact.magnitude, terms)).ulp
    guard value.isFinite, unit.isFinite else { return value == Element(exact) ? 0 : .infinity }
    return Double(abs((Element.Wide(value) - exact) / Element.Wide(unit)))
  }

  /// Both signs of every exponent. exp is within 3 ulps, and each operation after it adds about half a
  /// unit: the largest error of a value seen is 4.7, that of a derivative, which has more operations, 7.9
  /// (`mish`). For `gelu` the reference itself is off by up to half an ulp of Float64 where x is near −38,
  /// since it rounds x/√2. The tanh form of gelu rounds the exponent v too.
  @Test(arguments: KernelVariant.supported, ActivationKernel.allCases)
  func isWithinAFewUlps(_ variant: KernelVariant, _ activation: ActivationKernel) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      let reference = ActivationReference<Element>(activation: activation)
      let x = VectorMathTests.samples(Element.self)
      let (values, slopes) = Self.apply(kernels, activation, x)
      var worst = (value: 0.0, slope: 0.0)
      var place = (value: 0, slope: 0)
      for i in x.indices {
        let wide = Element.Wide(x[i])
        // From an exponent of 800 on, σ(v) is 0 or 1.
        let allowance = 1 + min(activation.exponent(Double(x[i])), 800) / 2
        let error = Self.ulps(values[i], reference.value(wide)) / allowance
        if !(error <= worst.value) { (worst.value, place.value) = (error, i) }
        let off =
          Self.ulps(slopes[i], reference.slope(wide), terms: reference.slopeTerms(wide)) / allowance
        if !(off <= worst.slope) { (worst.slope, place.slope) = (off, i) }
      }
      #expect(
        worst.value <= 5,
        "f is \(worst.value) ulps off at \(x[place.value]): \(values[place.value])")
      #expect(
        worst.slope <= 8,
        "f′ is \(worst.slope) ulps off at \(x[place.slope]): \(slopes[place.slope])")
    }
    try check(variant.element, variant.kernels())
  }

  /// Where exp over- or underflows, at ±∞, at zeros, subnormal numbers and kinks: whatever has a value
  /// has it.
  @Test(arguments: KernelVariant.supported, ActivationKernel.allCases)
  func extremeInputsHaveTheirValues(
    _ variant: KernelVariant, _ activation: ActivationKernel
  ) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      let reference = ActivationReference<Element>(activation: activation)
      let sizes: [Element] = [
        .infinity, .greatestFiniteMagnitude, 1e30, 1e4, 746, 745.2, 744, 710.5, 709.7, 708.3, 210,
        105, 104, 103.3, 89, 88.7, 87.3, 40, 38.6, 37.5, 20, 18, 15, 14.2, 6, 3, 1, .ulpOfOne,
        .leastNormalMagnitude, .leastNonzeroMagnitude, 0,
      ]
      let x = sizes.flatMap { [$0, -$0] }
      let (values, slopes) = Self.apply(kernels, activation, x)
      for (i, x) in x.enumerated() {
        let finite = Element.Wide(
          x.isFinite ? x : (x < 0 ? -1 : 1) * Element.greatestFiniteMagnitude)
        let value = reference.value(finite)
        let exact =
          x.isFinite || abs(value) < 1e30 ? value : value < 0 ? -.infinity : .infinity
        let allowance = 8 * (1 + min(activation.exponent(Double(x)), 800) / 2)
        let error = Self.ulps(values[i], exact)
        #expect(error <= allowance, "f(\(x)) = \(values[i]), not \(exact)")
        // A derivative at its kink is that of one side.
        guard !activation.kinks.contains(Double(x)) else {
          #expect(slopes[i].isFinite, "f′(\(x)) = \(slopes[i])")
          continue
        }
        let slope = reference.slope(finite)
        let off = Self.ulps(slopes[i], slope, terms: reference.slopeTerms(finite))
        #expect(off <= allowance, "f′(\(x)) = \(slopes[i]), not \(slope)")
      }
    }
    try check(variant.element, variant.kernels())
  }

  @Test(arguments: KernelVariant.supported)
  func activationsKeepNaN(_ variant: KernelVariant) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      for activation in ActivationKernel.allCases {
        let h = Self.apply(kernels, activation, [Element](repeating: .nan, count: 37)).values
        #expect(h.allSatisfy { $0.isNaN }, "\(activation)")
      }
    }
    try check(variant.element, variant.kernels())
  }

  /// As PyTorch has them: the slope of the flat side, or of the left one.
  @Test(arguments: KernelVariant.supported)
  func derivativesAtKinksArePyTorchs(_ variant: KernelVariant) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      func slopes(_ activation: ActivationKernel) -> [Element] {
        Self.apply(kernels, activation, activation.kinks.map { Element($0) }).slopes
      }
      #expect(slopes(.relu) == [0] && slopes(.relu6) == [0, 0])
      #expect(slopes(.hardSigmoid) == [0, 0] && slopes(.hardTanh) == [0, 0])
      #expect(slopes(.leakyReLU) == [0.5] && slopes(.rrelu) == [0.5] && slopes(.elu) == [0.5])
      #expect(slopes(.celu) == [1] && slopes(.softsign) == [1])
    }
    try check(variant.element, variant.kernels())
  }

  @Test(arguments: KernelVariant.supported, KernelShape.all)
  func matricesWithGapsAndInPlace(_ variant: KernelVariant, _ shape: KernelShape) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      var random = KernelRandom(seed: 3)
      let (rows, columns) = (shape.rows, shape.columns)
      for activation in ActivationKernel.allCases {
        let a = activation.constant
        let reference = ActivationReference<Element>(activation: activation)
        let pre = GuardedMatrix<Element>.input(rows, columns) { r, j in
          (r + j) % 7 == 3 ? 0.125 : random.uniform(-4...4)
        }
        var h = GuardedMatrix<Element>.output(rows, columns)
        kernels.activation_forward(
          activation.kind, a, rows, columns, pre.storage, pre.stride, &h.storage, h.stride)
        h.expectClose(ulps: 5, "\(activation)") { r, j in
          Double(reference.value(Element.Wide(pre[r, j])))
        }

        let dh = GuardedMatrix<Element>.input(rows, columns) { _, _ in random.uniform(-2...2) }
        var dpre = GuardedMatrix<Element>.output(rows, columns)
        kernels.activation_backward(
          activation.kind, a, rows, columns, pre.storage, pre.stride, h.storage, h.stride,
          dh.storage, dh.stride, &dpre.storage, dpre.stride)
        dpre.expectClose(ulps: 10, "\(activation) gradient") { r, j in
          dh.double(r, j) * Double(reference.slope(Element.Wide(pre[r, j])))
        }

        var overDh = dh.asOutput()
        overDh.storage.withUnsafeMutableBytes {
          kernels.activation_backward(
            activation.kind, a, rows, columns, pre.storage, pre.stride, h.storage, h.stride,
            $0.baseAddress, dh.stride, $0.baseAddress, dh.stride)
        }
        #expect(overDh.storage == dpre.storage, "\(activation) gradient in dh's place")
        var overPre = pre.asOutput()
        overPre.storage.withUnsafeMutableBytes {
          kernels.activation_backward(
            activation.kind, a, rows, columns, $0.baseAddress, pre.stride, h.storage, h.stride,
            dh.storage, dh.stride, $0.baseAddress, pre.stride)
        }
        #expect(overPre.storage == dpre.storage, "\(activation) gradient in pre's place")
      }
    }
    try check(variant.element, variant.kernels())
  }

  /// 10,000 points from −25 to 25, but near kinks. The step's square times f‴/6 and the rounding of a
  /// value of up to 44 divided by the step stay below 2e-9.
  @Test(arguments: KernelVariant.supportedDouble, ActivationKernel.allCases)
  func gradientIsTheDerivative(
    _ variant: KernelVariant, _ activation: ActivationKernel
  ) throws {
    let kernels = try variant.kernels()
    let step = 6e-6
    let x = (0..<10_000).map { -25 + 0.005 * (Double($0) + 0.3) }.filter { x in
      activation.kinks.allSatisfy { abs(x - $0) > 2 * step }
    }
    #expect(x.count > 9_990)
    let slopes = Self.apply(kernels, activation, x).slopes
    let above = Self.apply(kernels, activation, x.map { $0 + step }).values
    let below = Self.apply(kernels, activation, x.map { $0 - step }).values
    let worst = x.indices.map { i in
      abs((above[i] - below[i]) / ((x[i] + step) - (x[i] - step)) - slopes[i])
    }.max()
    #expect(try #require(worst) < 2e-9)
  }

  /// Each slope from its number of U[0, 1), and again from the outputs.
  @Test(arguments: KernelVariant.supported, KernelShape.all)
  func drawnSlopes(_ variant: KernelVariant, _ shape: KernelShape) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      var random = KernelRandom(seed: 9)
      let (rows, columns) = (shape.rows, shape.columns)
      let pre = GuardedMatrix<Element>.input(rows, columns) { _, _ in random.uniform(-4...4) }
      let drawn = GuardedMatrix<Element>.output(rows, columns) { _, _ in random.uniform(0...1) }
      var h = drawn
      kernels.random_leaky_forward(
        0.125, 1.0 / 3, rows, columns, pre.storage, pre.stride, &h.storage, h.stride)
      func slope(_ r: Int, _ j: Int) -> Double {
        pre.double(r, j) > 0 ? 1 : 0.125 + (1.0 / 3 - 0.125) * drawn.double(r, j)
      }
      h.expectClose(ulps: 4, "h") { slope($0, $1) * pre.double($0, $1) }
      let dh = GuardedMatrix<Element>.input(rows, columns) { _, _ in 1 }
      var dpre = GuardedMatrix<Element>.output(rows, columns)
      kernels.activation_backward(
        UNROLL_RRELU, 11.0 / 48, rows, columns, pre.storage, pre.stride, h.storage, h.stride,
        dh.storage, dh.stride, &dpre.storage, dpre.stride)
      dpre.expectClose(ulps: 4, "gradient", to: slope)
    }
    try check(variant.element, variant.kernels())
  }
}
