import CUnrollOpenBLAS
import CUnrollVectorKernels
import Synchronization

/// Compares the routines in use with their definitions, once for each process, in about a millisecond:
/// a wrong or crashing BLAS library, or a CPU that miscounts, would otherwise show as a network that
/// does not learn.
package enum ArithmeticCheck {
  /// Compares one SGEMM, one DGEMM and each of our own kernels in use, in Float32 and Float64.
  ///
  /// - Parameters:
  ///   - words: for a crash, what is written to standard error before the process ends with `status`.
  /// - Throws: ``ArithmeticFault``.
  package static func run(
    status: Int32 = 1, crashing words: (ArithmeticFault) -> String
  ) throws(ArithmeticFault) {
    // One thread at a time: what happens at a crash is the process's.
    try wasRight.withLock { (wasRight) throws(ArithmeticFault) in
      if wasRight { return }
      try check(status, words)
      wasRight = true
    }
  }

  private static let wasRight = Mutex(false)

  private static func check(
    _ status: Int32, _ words: (ArithmeticFault) -> String
  ) throws(ArithmeticFault) {
    let blas = ArithmeticRoutines.blasInUse
    try guarded(blas, status, words) { () throws(ArithmeticFault) in
      let exercise = BLASExercise()
      try exercise.check(Float.self, "SGEMM", of: blas)
      try exercise.check(Double.self, "DGEMM", of: blas)
    }
    let own = ArithmeticRoutines.ownInUse
    try guarded(own, status, words) { () throws(ArithmeticFault) in
      let expected = KernelExercise<Double>(unroll_kernels_reference().pointee).outputs
      try check(Float.self, Float.kernelTable.pointer.pointee, expected, of: own)
      try check(Double.self, Double.kernelTable.pointer.pointee, expected, of: own)
    }
  }

  /// Calls `body`, whose crash is the routines'.
  static func guarded(
    _ routines: ArithmeticRoutines, _ status: Int32, _ words: (ArithmeticFault) -> String,
    _ body: () throws(ArithmeticFault) -> Void
  ) throws(ArithmeticFault) {
    unroll_crash_line_set(words(.crash(routines)), status)
    defer { unroll_crash_line_clear() }
    try body()
  }

  /// Compares what the kernels of `table` give with `expected`. Their numbers are of the order of 1, and
  /// sums over 84 terms are the longest: 256 units in the last place of 1 are far more than rounding,
  /// and a three-hundredth of an error of 1% in Float32.
  static func check<Element: Scalar & BitwiseCopyable>(
    _ type: Element.Type, _ table: unroll_kernels, _ expected: [KernelExercise<Double>.Output],
    of routines: ArithmeticRoutines
  ) throws(ArithmeticFault) {
    let outputs = KernelExercise<Element>(table).outputs
    let tolerance = 256 * Double(Element.ulpOfOne)
    for (output, right) in zip(outputs, expected) {
      for (got, wanted) in zip(output.values, right.values)
      where !(abs(got - wanted) <= tolerance * max(1, abs(wanted))) {
        let kind = output.kind.map { " of activation \($0)" } ?? ""
        throw .wrong(
          routines, routine: "\(output.kernel)\(kind) in Float\(8 * MemoryLayout<Element>.size)",
          got: got, expected: wanted)
      }
    }
  }
}

/// One product by BLAS, C = A B.
struct BLASExercise {
  // Above 100³, so that no code for small matrices takes it.
  private static let (m, n, k) = (101, 103, 107)

  /// Whole numbers, whose products and sums are exact in every order.
  private let a, b: [Double]
  /// Distinct odd numbers w, and A (B w): C w has to be the same, which no single wrong element of C leaves
  /// so, at a hundredth of a product's cost.
  private let weights, expected: [Double]

  init() {
    let (m, n, k) = (Self.m, Self.n, Self.k)
    func numbers(_ count: Int, _ start: Int) -> [Double] {
      (start..<start + count).map {
        // Without a period: the upper bits of a product.
        Double((UInt32(truncatingIfNeeded: $0) &* 0x9E37_79B1) >> 28) - 8
      }
    }
    (a, b) = (numbers(m * k, 0), numbers(k * n, m * k))
    weights = (0..<n).map { Double(2 * $0 + 1) }
    expected = Self.times(a, Self.times(b, weights))
  }

  /// The product of a matrix and a vector.
  private static func times<Element: Scalar>(_ matrix: [Element], _ vector: [Double]) -> [Double] {
    (0..<matrix.count / vector.count).map { row in
      var sum = 0.0
      for column in vector.indices {
        sum += Double(matrix[row * vector.count + column]) * vector[column]
      }
      return sum
    }
  }

  /// - Throws: `ArithmeticFault.wrong` where the product in `Element` is wrong.
  func check<Element: Scalar>(
    _ type: Element.Type, _ name: String, of routines: ArithmeticRoutines,
    by gemm: Gemm<Element> = Self.gemm
  ) throws(ArithmeticFault) {
    let (m, n, k) = (Self.m, Self.n, Self.k)
    var product = [Element](repeating: .nan, count: m * n)
    gemm(m, n, k, a.map { Element($0) }, b.map { Element($0) }, &product)
    let sums = Self.times(product, weights)
    guard let row = sums.indices.first(where: { sums[$0] != expected[$0] }) else { return }
    for column in 0..<n {
      let right = (0..<k).reduce(0) { $0 + a[row * k + $1] * b[$1 * n + column] }
      let got = Double(product[row * n + column])
      if got != right { throw .wrong(routines, routine: name, got: got, expected: right) }
    }
  }

  /// C [m, n] = A [m, k] B [k, n].
  typealias Gemm<Element> = (
    _ m: Int, _ n: Int, _ k: Int, _ a: [Element], _ b: [Element], _ c: inout [Element]
  ) -> Void

  private static func gemm<Element: Scalar>(
    _ m: Int, _ n: Int, _ k: Int, _ a: [Element], _ b: [Element], _ c: inout [Element]
  ) {
    Element.backend.gemm(
      CblasNoTrans, CblasNoTrans, Int32(m), Int32(n), Int32(k), 1, a, Int32(k), b, Int32(n), 0, &c,
      Int32(n))
  }
}

extension ArithmeticRoutines {
  static var blasInUse: ArithmeticRoutines {
    let library = BLASLibrary.shared
    return .blas(
      library, asked: library.reason == .environment ? BLASLibrary.userChoice : nil,
      others: BLASLibrary.availableKernels.filter {
        $0.lowercased() != library.kernels.lowercased()
      })
  }

  static var ownInUse: ArithmeticRoutines {
    let name = CPUFeatures.vectorKernels
    return .own(
      name, asked: CPUFeatures.requestedVectorKernels != nil,
      others: CPUFeatures.availableVectorKernels.filter { $0 != name })
  }
}
