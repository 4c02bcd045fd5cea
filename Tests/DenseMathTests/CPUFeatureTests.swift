import CUnrollVectorKernels
import Foundation
import Testing
import UnrollDenseMath

@Suite struct CPUFeatureTests {
  /// The environment names a table when the suite runs under each of them.
  @Test func bestTableIsTheOneTheFeaturesAllow() throws {
    let cpu = unroll_cpu()
    let best = cpu.avx512 ? "avx512" : cpu.avx2_fma ? "avx2" : "portable"
    let expected = CPUFeatures.requestedVectorKernels ?? best
    #expect(CPUFeatures.availableVectorKernels.first == best)
    let float = try #require(unroll_kernels_float())
    let double = try #require(unroll_kernels_double())
    #expect(String(cString: float.pointee.name) == expected)
    #expect(String(cString: double.pointee.name) == expected)
    #expect(float == unroll_kernels_float_named(expected))
    #expect(double == unroll_kernels_double_named(expected))
    #expect(float != double)
  }

  @Test func tablesAreFoundByNameWhereTheCPURunsThem() {
    let cpu = unroll_cpu()
    for (name, runs) in [("avx512", cpu.avx512), ("avx2", cpu.avx2_fma), ("portable", true)] {
      for table in [unroll_kernels_float_named(name), unroll_kernels_double_named(name)] {
        #expect((table != nil) == runs)
        if let table { #expect(String(cString: table.pointee.name) == name) }
      }
    }
    #expect(unroll_kernels_float_named("avx") == nil)
    #expect(unroll_kernels_double_named("") == nil)
    #expect(unroll_kernels_float_named(nil) == nil)
  }

  @Test func nameIsTrimmed() throws {
    let name = String(cString: try #require(unroll_cpu_name()))
    #expect(name == name.trimmingCharacters(in: .whitespaces))
    #if arch(x86_64) || os(macOS)
      #expect(!name.isEmpty)
    #else
      #expect(name.isEmpty)
      #expect(!CPUFeatures.name.isEmpty)
    #endif
  }

  #if arch(x86_64) || arch(arm64)
    /// The product is taken in a kernel, so that no compiler evaluates it beforehand.
    @Test(arguments: KernelVariant.supported)
    func subnormalsAreFlushedUntilTheModeIsRestored(_ variant: KernelVariant) throws {
      func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
        func product(_ a: Element, _ b: Element) -> Element {
          var y = [a]
          kernels.multiply(1, 1, [b], 1, &y, 1)
          return y[0]
        }
        let least = Element.leastNormalMagnitude
        #expect(product(least, 0.5) == least / 2)

        let outer = unroll_flush_subnormals()
        let flushedResult = product(least, 0.5)
        let flushedOperand = product(Element.leastNonzeroMagnitude, 1 / least)
        let inner = unroll_flush_subnormals()
        unroll_restore_float_mode(inner)
        let stillFlushed = product(least, 0.5)
        unroll_restore_float_mode(outer)

        #expect(flushedResult == 0)
        #expect(flushedOperand == 0)
        #expect(stillFlushed == 0)
        #expect(product(least, 0.5) == least / 2)
      }
      try check(variant.element, variant.kernels())
    }
  #endif
}
