import CUnrollVectorKernels

extension BLASLibrary {
  /// The kernel sets by name that OpenBLAS can be asked for on this CPU, poorest first, and the one in
  /// use. A build of the library may lack some of them.
  package static var availableKernels: [String] {
    #if arch(x86_64)
      let cpu = unroll_cpu()
      // Sandybridge takes AVX, which a CPU with AVX2 has.
      let known =
        ["Prescott", "Core2", "Penryn", "Nehalem"]
        + (cpu.avx2_fma ? ["Sandybridge", "Haswell", "Zen"] : [])
        + (cpu.avx512 ? ["SkylakeX"] : [])
        + (cpu.avx512 && cpu.avx512_bf16 ? ["Cooperlake", "SapphireRapids"] : [])
    #else
      let known: [String] = []
    #endif
    // Not by way of `shared`, which would settle the choice.
    let present = coreName()
    return known.contains { $0.lowercased() == present.lowercased() } ? known : known + [present]
  }
}
