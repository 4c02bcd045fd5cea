extension BLASLibrary {
  /// The kernel sets by name that OpenBLAS can be asked for on this CPU, poorest first. A build of the
  /// library may lack some of them.
  package static var availableKernels: [String] {
    #if arch(x86_64)
      let cpu = CPUFeatures.current
      // Sandybridge takes AVX, which a CPU with AVX2 has.
      return ["Prescott", "Core2", "Penryn", "Nehalem"]
        + (cpu.avx2 ? ["Sandybridge", "Haswell", "Zen"] : [])
        + (cpu.avx512 ? ["SkylakeX", "Cooperlake", "SapphireRapids"] : [])
    #else
      return [shared.kernels]
    #endif
  }
}
