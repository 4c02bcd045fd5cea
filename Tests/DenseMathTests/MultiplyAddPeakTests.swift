import CUnrollVectorKernels
import Testing
import UnrollDenseMath

struct MultiplyAddPeakTests {
  /// x ← x/2 + 1 goes to 2 exactly, so the total is twice the number of sums, and each of them takes
  /// two operations an iteration.
  @Test(arguments: KernelVariant.supported)
  func everySumIsKept(variant: KernelVariant) throws {
    let kernels = try variant.kernels()
    func check<Element: KernelElement>(_ type: Element.Type) {
      var total = [Element](repeating: .nan, count: 1)
      let operations = kernels.multiply_add_peak(100, &total)
      let sums = Double(total[0]) / 2
      #expect(operations == 2 * 100 * sums)
      // At least 12 vectors of at least 16 bytes.
      #expect(sums >= Double(12 * 16 / MemoryLayout<Element>.size))
    }
    check(variant.element)
  }

  @Test func operationsGoWithTheIterations() {
    let one = MultiplyAddPeak.run(Float.self, iterations: 1)
    #expect(one > 0 && MultiplyAddPeak.run(Float.self, iterations: 1_000) == 1_000 * one)
    #expect(MultiplyAddPeak.run(Double.self, iterations: 0) == 0)
    #expect(MultiplyAddPeak.run(Double.self, iterations: 2) == one)
  }
}
