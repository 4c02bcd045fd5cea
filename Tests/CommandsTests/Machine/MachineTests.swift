import Testing
import UnrollFigures

@testable import UnrollCommands
@testable import UnrollDenseMath
@testable import UnrollStudies

struct MachineTests {
  private func machine(
    _ reason: BLASLibrary.Reason, kernels: String, requested: String? = nil,
    requestedVector: String? = nil, cpu: String = "A CPU", gnuplot: String? = nil
  ) -> Machine {
    let speed = ProductSpeed(size: 384, gigaflops: 150.04)
    return Machine(
      cpu: cpu, threads: 2, memory: AvailableMemory(machine: 8_000_000_000),
      blas: "OpenBLAS 0.3.21", blasKernels: kernels,
      blasReason: reason, requestedKernels: requested, vectorKernels: "avx2",
      requestedVectorKernels: requestedVector, gnuplot: gnuplot, single: speed, double: speed)
  }

  private func text(_ machine: Machine, _ label: String) -> String? {
    machine.lines.first { $0.label == label }?.text
  }

  @Test func eachReasonIsSaidInWords() {
    #expect(
      text(machine(.ownChoice, kernels: "Zen"), "BLAS kernels")
        == "Zen: OpenBLAS's own choice, the best this CPU can run")
    #expect(
      text(machine(.environment, kernels: "Prescott", requested: "prescott"), "BLAS kernels")
        == "Prescott: asked for by OPENBLAS_CORETYPE in the environment")
    #expect(
      text(machine(.environment, kernels: "Zen", requested: "Foo"), "BLAS kernels")
        == "Zen: what OpenBLAS made of OPENBLAS_CORETYPE=Foo in the environment")
    #expect(
      text(machine(.corrected(misjudged: "Prescott"), kernels: "SkylakeX"), "BLAS kernels")
        == "SkylakeX: OpenBLAS had misjudged this CPU and chosen Prescott; it was asked again")
    let fixed = text(machine(.fixedAtBuild(wanted: "Haswell"), kernels: "Core2"), "BLAS kernels")
    #expect(fixed?.hasPrefix("Core2: ") == true && fixed?.contains("Haswell") == true)
    let kept = text(machine(.keptForHost(wanted: "Haswell"), kernels: "Core2"), "BLAS kernels")
    #expect(kept == "Core2: OpenBLAS's own choice, kept as asked; Haswell would be faster")
  }

  @Test func vectorKernelsSayWhoChoseThem() {
    #expect(
      text(machine(.ownChoice, kernels: "Zen"), "vector kernels")
        == "avx2: the best of avx512, avx2 and portable that this CPU can run")
    #expect(
      text(machine(.ownChoice, kernels: "Zen", requestedVector: "avx2"), "vector kernels")
        == "avx2: asked for by UNROLL_KERNELS in the environment")
  }

  @Test func whatIsMissingIsSaid() {
    let bare = machine(.ownChoice, kernels: "Zen", cpu: "")
    #expect(text(bare, "CPU") == "gives no name")
    #expect(text(bare, "gnuplot")?.contains(Gnuplot.installCommand) == true)
    #expect(bare.json["gnuplot"] == .null && bare.json["sgemm_gflops"]?.double == 150.04)
    #expect(text(bare, "SGEMM") == "150.0 GFLOP/s on one thread, 384 × 384")
  }

  @Test func speedsAreMeasured() {
    let speed = ProductSpeed.measure(Float.self, size: 64, seconds: 0.001)
    #expect(speed.size == 64 && speed.gigaflops > 0.01 && speed.gigaflops < 100_000)
  }
}
