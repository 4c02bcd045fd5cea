import Testing
import UnrollDenseMath
import UnrollOptimization

@testable import UnrollStudies

#if arch(x86_64)
  struct KernelChoiceTests {
    /// Those of any x86-64 CPU; BLAS's in any case, as OpenBLAS takes them.
    @Test(arguments: [
      ("portable", "Nehalem/portable"), ("Prescott/portable", "Prescott/portable"),
      ("nehalem/PORTABLE", "Nehalem/portable"), ("Portable", "Nehalem/portable"),
    ])
    func namesAreAPairOrStandForOne(_ text: String, pair: String) throws {
      #expect(try KernelChoice(text).description == pair)
      #expect(try KernelChoice(pair).description == pair)
    }

    @Test(arguments: [
      "", "Nehalem", "portable/Nehalem", "Nehalem/", "/portable", "Nehalem/portable/", "sse",
      "Nehalem/sse", "Pentium/portable",
    ])
    func othersAreRefused(_ text: String) {
      #expect(throws: InvalidSetting(value: text, accepted: KernelChoice.accepted)) {
        try KernelChoice(text)
      }
    }

    /// What the CPU lacks would end with an illegal instruction.
    @Test func namesNeedTheirInstructions() {
      let cpu = CPUFeatures.current
      #expect((try? KernelChoice("Haswell/portable")) == nil || cpu.avx2)
      #expect((try? KernelChoice("SkylakeX/portable")) == nil || cpu.avx512)
      #expect(((try? KernelChoice("avx2")) != nil) == cpu.avx2)
      #expect(((try? KernelChoice("avx512")) != nil) == cpu.avx512)
    }

    @Test func thoseInUseAreKnown() throws {
      let present = Machinery.present
      #expect(try KernelChoice(present.kernels).isInUse)
      let other = present.blasKernels == "Prescott" ? "Nehalem" : "Prescott"
      #expect(try !KernelChoice("\(other)/\(present.vectorKernels)").isInUse)
    }
  }
#endif
