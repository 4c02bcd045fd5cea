import CUnrollVectorKernels
import Foundation
import Testing

/// exp, tanh and sigmoid over the whole range, in every table.
@Suite struct VectorMathTests {
  enum Function: CaseIterable, Sendable {
    case exp, tanh, sigmoid

    func apply<Element: KernelElement>(_ kernels: unroll_kernels, _ x: [Element]) -> [Element] {
      var y = [Element](repeating: -99, count: x.count)
      switch self {
      case .exp: kernels.exp(x.count, x, &y)
      case .tanh: kernels.tanh(x.count, x, &y)
      case .sigmoid: kernels.sigmoid(x.count, x, &y)
      }
      return y
    }

    func exact<Element: KernelElement>(_ x: Element) -> Element.Wide {
      switch self {
      case .exp: return Element.wideExp(Element.Wide(x))
      case .tanh: return Element.wideTanh(Element.Wide(x))
      case .sigmoid:
        let e = Element.wideExp(Element.Wide(-x.magnitude))
        return (x < 0 ? e : 1) / (1 + e)
      }
    }
  }

  /// Both signs of every exponent, subnormals included: more of those where the functions bend.
  static func samples<Element: KernelElement>(_: Element.Type) -> [Element] {
    var random = KernelRandom(seed: 1)
    var samples: [Element] = []
    let least = Int(Element.leastNormalMagnitude.exponent)
    let greatest = Int(Element.greatestFiniteMagnitude.exponent)
    for exponent in (least - 1)...greatest {
      let scale = Element(
        sign: .plus, exponent: Element.Exponent(max(exponent, least)), significand: 1)
      for _ in 0..<((-12...10).contains(exponent) ? 600 : 6) {
        let fraction = Element(random.uniform(0...0x1.fffffep-1))
        let magnitude = scale * (exponent < least ? fraction : 1 + fraction)
        samples += [magnitude, -magnitude]
      }
    }
    return samples
  }

  /// |value - exact| in units of the last place of the exact value, rounded.
  static func ulps<Element: KernelElement>(_ value: Element, _ exact: Element.Wide) -> Double {
    let rounded = Element(exact)
    guard value.isFinite && rounded.isFinite else { return value == rounded ? 0 : .infinity }
    return abs(Double((Element.Wide(value) - exact) / Element.Wide(rounded.ulp)))
  }

  /// Polynomial, reduction, the sum and the quotient each add at most about half a unit.
  @Test(arguments: KernelVariant.supported, Function.allCases)
  func isWithinThreeUlps(_ variant: KernelVariant, _ function: Function) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      let x = Self.samples(Element.self)
      let y = function.apply(kernels, x)
      var worst = 0.0
      var place = 0
      for i in x.indices {
        let error = Self.ulps(y[i], function.exact(x[i]))
        if error > worst { (worst, place) = (error, i) }
      }
      #expect(worst <= 3, "\(worst) ulps off at \(x[place]): \(y[place])")
    }
    try check(variant.element, variant.kernels())
  }

  @Test(arguments: KernelVariant.supported)
  func specialValues(_ variant: KernelVariant) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      let tiny = Element.leastNonzeroMagnitude
      let x: [Element] = [.nan, .infinity, -.infinity, 0, -0.0, tiny, -tiny]
      func expect(_ function: Function, _ expected: [Element]) {
        // The values once in a whole vector of repeats and once in what is left after vectors.
        let y = function.apply(kernels, x.flatMap { Array(repeating: $0, count: 16) } + x)
        let wanted = expected.flatMap { Array(repeating: $0, count: 16) } + expected
        for (value, wanted) in zip(y, wanted) {
          #expect(value.isNaN == wanted.isNaN, "\(function)")
          #expect(wanted.isNaN || value == wanted && value.sign == wanted.sign, "\(function)")
        }
      }
      expect(.exp, [.nan, .infinity, 0, 1, 1, 1, 1])
      expect(.tanh, [.nan, 1, -1, 0, -0.0, tiny, -tiny])
      expect(.sigmoid, [.nan, 1, 0, 0.5, 0.5, 0.5, 0.5])
    }
    try check(variant.element, variant.kernels())
  }

  @Test(arguments: KernelVariant.supported, Function.allCases)
  func resultDoesNotDependOnPlaceAndMayBeInPlace(
    _ variant: KernelVariant, _ function: Function
  ) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      var random = KernelRandom(seed: 2)
      for count in [0, 1, 5, 33, 67, 250] {
        let value = Element(random.uniform(-4...4))
        var x = [Element](repeating: value, count: count)
        let y = function.apply(kernels, x)
        #expect(Set(y).count <= 1)
        x.withUnsafeMutableBytes { bytes in
          let place = bytes.baseAddress
          switch function {
          case .exp: kernels.exp(count, place, place)
          case .tanh: kernels.tanh(count, place, place)
          case .sigmoid: kernels.sigmoid(count, place, place)
          }
        }
        #expect(x == y)
      }
    }
    try check(variant.element, variant.kernels())
  }
}
