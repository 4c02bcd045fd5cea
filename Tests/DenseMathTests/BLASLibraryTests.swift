import Foundation
import Testing

@testable import UnrollDenseMath

/// The choice of kernels in processes of their own, where OpenBLAS is first brought to choose badly,
/// as a release that does not know the CPU would.
@Suite(.enabled(if: CPUFeatures.current.avx2)) struct BLASLibraryTests {
  @Test func aBadChoiceIsCorrectedBeforeTheFirstCall() async {
    await #expect(processExitsWith: .success) {
      try BLASLibraryTests.choose("Prescott")
      unsetenv("OPENBLAS_CORETYPE")
      let library = BLASLibrary.shared
      precondition(library.reason == .corrected(misjudged: "Prescott"), "got \(library)")
      precondition(library.kernels != "Prescott", "got \(library)")
      precondition(
        BLASLibrary.betterKernels(than: library.kernels, features: .current) == nil,
        "got \(library)")
      precondition(getenv("OPENBLAS_CORETYPE") == nil, "expected a clean environment")
      BLASLibraryTests.checkAProduct()
    }
  }

  @Test func preparingCorrectsABadChoice() async {
    await #expect(processExitsWith: .success) {
      try BLASLibraryTests.choose("Prescott")
      unsetenv("OPENBLAS_CORETYPE")
      let library = BLASLibrary.prepare()
      precondition(library.reason == .corrected(misjudged: "Prescott"), "got \(library)")
      // Too late to ask for anything else.
      let again = BLASLibrary.prepare(correctingKernels: false)
      precondition(again.kernels == library.kernels, "got \(again)")
      precondition(getenv("OPENBLAS_CORETYPE") == nil, "expected a clean environment")
      BLASLibraryTests.checkAProduct()
    }
  }

  @Test func aHostCanKeepABadChoice() async {
    await #expect(processExitsWith: .success) {
      try BLASLibraryTests.choose("Prescott")
      unsetenv("OPENBLAS_CORETYPE")
      let library = BLASLibrary.prepare(correctingKernels: false)
      guard case .keptForHost = library.reason, library.kernels == "Prescott" else {
        preconditionFailure("got \(library)")
      }
      BLASLibraryTests.checkAProduct()
      precondition(BLASLibrary.shared.kernels == "Prescott", "got \(BLASLibrary.shared)")
    }
  }

  @Test func aChoiceOfTheUsersIsLeftAlone() async {
    await #expect(processExitsWith: .success) {
      try BLASLibraryTests.choose("Prescott")
      let library = BLASLibrary.shared
      precondition(
        library.reason == .environment && library.kernels == "Prescott", "got \(library)")
      BLASLibraryTests.checkAProduct()
    }
  }

  /// Sets the variable and makes OpenBLAS read it.
  private static func choose(_ kernels: String) throws {
    setenv("OPENBLAS_CORETYPE", kernels, 1)
    for name in ["gotoblas_dynamic_quit", "gotoblas_dynamic_init"] {
      let address = try #require(dlsym(dlopen(nil, RTLD_LAZY), name))
      unsafeBitCast(address, to: (@convention(c) () -> Void).self)()
    }
  }

  private static func checkAProduct() {
    let size = 70
    var random = RandomNumbers(seed: 1)
    func noise() -> Matrix<Double> {
      Matrix(rows: size, columns: size, (0..<size * size).map { _ in random.normal() })
    }
    let (a, b) = (noise(), noise())
    let (fast, plain) = (a.copy(), a.copy())
    fast.formProduct(a, b)
    plain.formProductByDefinition(a, b)
    fast.add(plain, scale: -1)
    precondition(fast.norm <= 1e-13 * plain.norm, "expected the product, off by \(fast.norm)")
  }
}
