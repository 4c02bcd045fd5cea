import CUnrollVectorKernels
import Foundation
import Testing

/// The optimizers against PyTorch's formulas, step by step in Double, and what else is done to
/// flat buffers.
@Suite struct OptimizerKernelTests {
  /// One parameter under an optimizer: its weight and the optimizer's two averages.
  struct Parameter {
    var w: Double
    var m = 0.0
    var v = 0.0
  }

  enum Rule: Sendable, CustomTestStringConvertible {
    case sgd, momentum, rmsprop
    case adam(decoupled: Bool, beta2: Double)

    static let all: [Rule] = [
      .sgd, .momentum, .rmsprop, .adam(decoupled: false, beta2: 0.9),
      .adam(decoupled: true, beta2: 0.9),
      // In Float 1 - beta2 alone would be off by 1e-3.
      .adam(decoupled: false, beta2: 0.99999),
    ]

    var testDescription: String { "\(self)" }

    static let rate = 0.1
    static let decay = 0.05
    // Large enough that its place in the formula matters.
    static let epsilon = 0.03

    func step(_ number: Int, _ g: Double, _ p: inout Parameter) {
      let (rate, decay, epsilon) = (Rule.rate, Rule.decay, Rule.epsilon)
      let d = g + decay * p.w
      switch self {
      case .sgd:
        p.w -= rate * d
      case .momentum:
        p.v = 0.9 * p.v + d
        p.w -= rate * p.v
      case .rmsprop:
        p.v = 0.9 * p.v + 0.1 * d * d
        p.w -= rate * d / (p.v.squareRoot() + epsilon)
      case .adam(let decoupled, let beta2):
        let d = decoupled ? g : d
        if decoupled { p.w *= 1 - rate * decay }
        p.m = 0.8 * p.m + 0.2 * d
        p.v = beta2 * p.v + (1 - beta2) * d * d
        let (correction1, correction2) =
          (1 - pow(0.8, Double(number)), 1 - pow(beta2, Double(number)))
        p.w -=
          rate / correction1 * p.m / (p.v.squareRoot() / correction2.squareRoot() + epsilon)
      }
    }

    func step<Element: KernelElement>(
      _ kernels: unroll_kernels, _ number: Int, _ g: [Element],
      _ w: inout GuardedMatrix<Element>, _ m: inout GuardedMatrix<Element>,
      _ v: inout GuardedMatrix<Element>
    ) {
      let (n, rate, decay, epsilon) = (g.count, Rule.rate, Rule.decay, Rule.epsilon)
      switch self {
      case .sgd: kernels.sgd(n, rate, decay, g, &w.storage)
      case .momentum: kernels.momentum(n, rate, decay, 0.9, g, &w.storage, &v.storage)
      case .rmsprop: kernels.rmsprop(n, rate, decay, 0.9, epsilon, g, &w.storage, &v.storage)
      case .adam(let decoupled, let beta2):
        kernels.adam(
          n, rate, decay, decoupled, 0.8, beta2, epsilon, UInt64(number), g, &w.storage,
          &m.storage, &v.storage)
      }
    }
  }

  static let counts = [1, 5, 33, 250]

  @Test(arguments: KernelVariant.supported, Rule.all)
  func threeSteps(_ variant: KernelVariant, _ rule: Rule) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      var random = KernelRandom(seed: 31)
      for n in Self.counts {
        var w = GuardedMatrix<Element>.output(1, n) { _, _ in random.uniform(-1...1) }
        var (m, v) = (
          GuardedMatrix<Element>.output(1, n) { _, _ in 0 },
          GuardedMatrix<Element>.output(1, n) { _, _ in 0 }
        )
        var expected = (0..<n).map { Parameter(w: w.double(0, $0)) }
        for number in 1...3 {
          let g = (0..<n).map { _ in Element(random.uniform(-1...1)) }
          rule.step(kernels, number, g, &w, &m, &v)
          for j in 0..<n { rule.step(number, Double(g[j]), &expected[j]) }
        }
        // A rounding or two for each of about five operations in each of three steps.
        w.expectClose(ulps: 32, "w") { expected[$1].w }
        m.expectClose(ulps: 32, "m") { expected[$1].m }
        v.expectClose(ulps: 32, "v") { expected[$1].v }
      }
    }
    try check(variant.element, variant.kernels())
  }

  @Test(arguments: KernelVariant.supported)
  func adamsCorrectionsFadeAfterManySteps(_ variant: KernelVariant) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      var (w, m, v): ([Element], [Element], [Element]) = ([1], [0.5], [4])
      kernels.adam(1, 0.5, 0, false, 0.5, 0.25, 0, 1 << 40, [Element(0.5)], &w, &m, &v)
      #expect(m == [0.5])
      #expect(v == [1 + 0.75 * 0.25])
      let expected = 1 - 0.25 / 1.1875.squareRoot()
      #expect(abs(Double(w[0]) - expected) <= 2 * Double(Element.ulpOfOne))
    }
    try check(variant.element, variant.kernels())
  }

  @Test(arguments: KernelVariant.supported)
  func clamp(_ variant: KernelVariant) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      for n in Self.counts {
        for place in 0..<n {
          func clamped(_ value: Element) -> (value: Element, changed: Bool) {
            var x = GuardedMatrix<Element>.output(1, n) { _, j in j == place ? Double(value) : 0.5 }
            let changed = kernels.clamp(n, 2, &x.storage)
            #expect(x.isUntouchedOutside)
            #expect((0..<n).allSatisfy { $0 == place || x[0, $0] == 0.5 })
            return (x[0, place], changed)
          }
          #expect(clamped(2) == (2, false))
          #expect(clamped(-2) == (-2, false))
          #expect(clamped(Element(2).nextUp) == (2, true))
          #expect(clamped(Element(-2).nextDown) == (-2, true))
          #expect(clamped(-.infinity) == (-2, true))
          let nan = clamped(.nan)
          #expect(nan.value.isNaN && !nan.changed)
        }
      }
    }
    try check(variant.element, variant.kernels())
  }

  @Test(arguments: KernelVariant.supported)
  func addSign(_ variant: KernelVariant) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      let values: [Element] = [3, -0.25, 0, -0.0, .leastNonzeroMagnitude, -.infinity]
      let signs: [Element] = [1, -1, 0, 0, 1, -1]
      for n in Self.counts {
        let x = (0..<n).map { values[$0 % values.count] }
        var g = GuardedMatrix<Element>.output(1, n) { _, j in Double(j) }
        kernels.add_sign(n, 0.125, x, &g.storage)
        g.expectClose(ulps: 0, "g") { _, j in
          Double(j) + 0.125 * Double(signs[j % signs.count])
        }
      }
    }
    try check(variant.element, variant.kernels())
  }

  @Test(arguments: KernelVariant.supported)
  func allBelow(_ variant: KernelVariant) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      let top = UInt32(Element.greatestFiniteMagnitude.exponent) + 1
      for exponent in [0, 1, 30, 60, top] {
        // The largest number below 2ᵏ; for the largest k, of all.
        let limit =
          exponent == top
          ? .greatestFiniteMagnitude
          : Element(sign: .plus, exponent: Element.Exponent(exponent), significand: 1).nextDown
        let below: [Element] = [0, -0.0, 0.5, -limit, limit, .leastNonzeroMagnitude]
        var beyond: [Element] = [.nan, -.nan, .signalingNaN, .infinity, -.infinity]
        if exponent < top { beyond += [limit.nextUp, -limit.nextUp, .greatestFiniteMagnitude] }
        #expect(kernels.all_below(0, exponent, below))
        for n in Self.counts {
          var x = (0..<n).map { below[$0 % below.count] }
          #expect(kernels.all_below(n, exponent, x))
          for place in 0..<n {
            let kept = x[place]
            for value in beyond {
              x[place] = value
              #expect(
                !kernels.all_below(n, exponent, x), "\(value) at \(place) of \(n), 2^\(exponent)")
            }
            x[place] = kept
          }
          x.append(.nan)
          #expect(kernels.all_below(n, exponent, x), "reads past the end")
        }
      }
    }
    try check(variant.element, variant.kernels())
  }
}
