import CUnrollVectorKernels
import Foundation
import Testing
import UnrollDenseMath

/// The element types of the kernel tables, each with a wider type in which exact values are taken.
protocol KernelElement: Scalar, BitwiseCopyable {
  associatedtype Wide: BinaryFloatingPoint
  static func kernels(named name: String) -> UnsafePointer<unroll_kernels>?
  static func wideExp(_ x: Wide) -> Wide
  static func wideTanh(_ x: Wide) -> Wide
  static func wideExpm1(_ x: Wide) -> Wide
  static func wideLog1p(_ x: Wide) -> Wide
  static func wideArctan(_ x: Wide) -> Wide
  static func wideErfc(_ x: Wide) -> Wide
}

extension Float: KernelElement {
  static func kernels(named name: String) -> UnsafePointer<unroll_kernels>? {
    unroll_kernels_float_named(name)
  }
  static func wideExp(_ x: Double) -> Double { exp(x) }
  static func wideTanh(_ x: Double) -> Double { tanh(x) }
  static func wideExpm1(_ x: Double) -> Double { expm1(x) }
  static func wideLog1p(_ x: Double) -> Double { log1p(x) }
  static func wideArctan(_ x: Double) -> Double { atan(x) }
  static func wideErfc(_ x: Double) -> Double { erfc(x) }
}

extension Double: KernelElement {
  static func kernels(named name: String) -> UnsafePointer<unroll_kernels>? {
    unroll_kernels_double_named(name)
  }
  #if arch(x86_64)
    static func wideExp(_ x: Float80) -> Float80 { exp(x) }
    static func wideTanh(_ x: Float80) -> Float80 { tanh(x) }
    static func wideExpm1(_ x: Float80) -> Float80 { expm1(x) }
    static func wideLog1p(_ x: Float80) -> Float80 { log1p(x) }
    static func wideArctan(_ x: Float80) -> Float80 { atan(x) }
    static func wideErfc(_ x: Float80) -> Float80 { erfc(x) }
  #else
    static func wideExp(_ x: Double) -> Double { exp(x) }
    static func wideTanh(_ x: Double) -> Double { tanh(x) }
    static func wideExpm1(_ x: Double) -> Double { expm1(x) }
    static func wideLog1p(_ x: Double) -> Double { log1p(x) }
    static func wideArctan(_ x: Double) -> Double { atan(x) }
    static func wideErfc(_ x: Double) -> Double { erfc(x) }
  #endif
}

/// One table of one element type.
struct KernelVariant: Sendable, CustomTestStringConvertible {
  let name: String
  let element: any KernelElement.Type

  var testDescription: String { "\(name) \(element)" }

  /// Every table that this CPU can run.
  static let supported: [KernelVariant] = ["avx512", "avx2", "portable"].flatMap { name in
    [Float.self as any KernelElement.Type, Double.self]
      .filter { $0.kernels(named: name) != nil }
      .map { KernelVariant(name: name, element: $0) }
  }

  /// The Double tables: for comparisons with central differences.
  static var supportedDouble: [KernelVariant] { supported.filter { $0.element == Double.self } }

  func kernels() throws -> unroll_kernels {
    let table = element.kernels(named: name)
    return try #require(table).pointee
  }
}

/// Row counts and widths that leave every kind of remainder after whole vectors.
struct KernelShape: Sendable, CustomTestStringConvertible {
  let rows: Int
  let columns: Int

  var testDescription: String { "\(rows) x \(columns)" }

  static let all = [1, 3, 17].flatMap { rows in
    [1, 5, 33, 250].map { KernelShape(rows: rows, columns: $0) }
  }
}

/// SplitMix64.
struct KernelRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    Double.random(in: range, using: &self)
  }
}

/// A row-major matrix whose rows lie further apart than they are long. What lies between them and
/// after them holds a mark: NaN around inputs, so that reading it shows in the results, and a
/// number around outputs, so that writing it shows in `isUntouchedOutside`.
struct GuardedMatrix<Element: KernelElement> {
  let rows: Int
  let columns: Int
  let stride: Int
  private let mark: Element
  var storage: [Element]

  private init(_ rows: Int, _ columns: Int, mark: Element, fill: (Int, Int) -> Double) {
    self.rows = rows
    self.columns = columns
    self.mark = mark
    stride = columns + 3
    storage = Array(repeating: mark, count: (rows + 1) * stride)
    for r in 0..<rows {
      for j in 0..<columns { storage[r * stride + j] = Element(fill(r, j)) }
    }
  }

  static func input(_ rows: Int, _ columns: Int, fill: (Int, Int) -> Double) -> Self {
    Self(rows, columns, mark: .nan, fill: fill)
  }

  static func output(
    _ rows: Int, _ columns: Int, fill: (Int, Int) -> Double = { _, _ in -99 }
  ) -> Self {
    Self(rows, columns, mark: 77, fill: fill)
  }

  /// The same values with the marks of an output.
  func asOutput() -> Self { .output(rows, columns) { Double(self[$0, $1]) } }

  subscript(r: Int, j: Int) -> Element { storage[r * stride + j] }

  func double(_ r: Int, _ j: Int) -> Double { Double(storage[r * stride + j]) }

  var isUntouchedOutside: Bool {
    storage.indices.allSatisfy { place in
      place < rows * stride && place % stride < columns || storage[place] == mark
    }
  }

  /// Expects |value - expected| <= ulps ulpOfOne max(1, |expected|) everywhere and the outside
  /// untouched. The tests' numbers are of the order of 1, so the bound allows for cancellation.
  func expectClose(
    ulps: Double, _ what: String, sourceLocation: SourceLocation = #_sourceLocation,
    to expected: (Int, Int) -> Double
  ) {
    var worst = 0.0
    var place = (0, 0)
    for r in 0..<rows {
      for j in 0..<columns {
        let exact = expected(r, j)
        let unit = Double(Element.ulpOfOne) * max(1, abs(exact))
        let error = exact == double(r, j) ? 0 : abs(double(r, j) - exact) / unit
        if !(error <= worst) { (worst, place) = (error.isNaN ? .infinity : error, (r, j)) }
      }
    }
    #expect(
      worst <= ulps,
      """
      \(what): \(worst) ulps off at \(place): \
      \(self[place.0, place.1]), not \(expected(place.0, place.1))
      """,
      sourceLocation: sourceLocation)
    #expect(isUntouchedOutside, "\(what): written outside", sourceLocation: sourceLocation)
  }
}
