import Foundation
import UnrollDenseMath
import UnrollFigures
import UnrollFileFormats
import UnrollStudies
import UnrollText
import UnrollTraining

/// What the program has found on this machine, and what it uses of it.
struct Machine: Sendable {
  /// Empty where the CPU does not give its name.
  var cpu: String
  /// The default of `--threads`: the cores this process may use, or a rank's part of them.
  var threads: Int
  /// Processes that work together.
  var ranks = 1
  /// What this process may take.
  var memory: AvailableMemory
  /// OpenBLAS's version and build, in its own words.
  var blas: String
  var blasKernels: String
  var blasReason: BLASLibrary.Reason
  /// `OPENBLAS_CORETYPE` as the user set it; nil where it is not set.
  var requestedKernels: String?
  var vectorKernels: String
  /// `UNROLL_KERNELS` as the user set it; nil where it is not set.
  var requestedVectorKernels: String?
  /// Where gnuplot is; nil without it.
  var gnuplot: String?
  var single: ProductSpeed
  var double: ProductSpeed

  /// This machine, with the speeds measured now.
  static func present() -> Machine {
    let requested = ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"]
    let library = BLASLibrary.shared
    return Machine(
      cpu: CPUFeatures.name, threads: Ranks.defaultThreads, ranks: Ranks.present.count,
      memory: .present, blas: library.configuration,
      blasKernels: library.kernels, blasReason: library.reason, requestedKernels: requested,
      vectorKernels: CPUFeatures.vectorKernels,
      requestedVectorKernels: CPUFeatures.requestedVectorKernels, gnuplot: Gnuplot()?.path,
      single: .measure(Float.self), double: .measure(Double.self))
  }

  /// Why OpenBLAS's kernels in use are in use.
  var blasReasonText: String {
    switch blasReason {
    case .ownChoice: "OpenBLAS's own choice, the best this CPU can run"
    case .environment where blasKernels.lowercased() == requestedKernels?.lowercased():
      "asked for by OPENBLAS_CORETYPE in the environment"
    case .environment:
      "what OpenBLAS made of OPENBLAS_CORETYPE=\(requestedKernels ?? "") in the environment"
    case .requested: "asked for by --kernels"
    case .corrected(let misjudged):
      "OpenBLAS had misjudged this CPU and chosen \(misjudged); it was asked again"
    case .fixedAtBuild(let wanted):
      "this OpenBLAS was built for them alone; \(wanted) would be faster, a build with "
        + "DYNAMIC_ARCH has it"
    case .notOpenBLAS: "not OpenBLAS, so it chooses them itself"
    case .keptForHost(let wanted):
      "OpenBLAS's own choice, kept as asked; \(wanted) would be faster"
    }
  }
}

// MARK: - As shown

extension Machine {
  var json: JSONValue {
    [
      "version": .string(Version.current), "cpu": .string(cpu), "threads": .integer(threads),
      "ranks": .integer(ranks),
      "memory_bytes": JSONValue(Int(exactly: memory.bytes)), "blas": .string(blas),
      "blas_kernels": .string(blasKernels), "blas_reason": .string(blasReasonText),
      "vector_kernels": .string(vectorKernels), "gnuplot": JSONValue(gnuplot),
      "sgemm_gflops": .number(single.gigaflops), "dgemm_gflops": .number(double.gigaflops),
      "gemm_size": .integer(single.size),
    ]
  }

  /// What a person reads, label by label.
  var lines: [(label: String, text: String)] {
    [
      ("CPU", CPUFeatures.shown(cpu)),
      ("threads", threadsText),
      ("memory", memory.description),
      ("BLAS", blas),
      ("BLAS kernels", "\(blasKernels): \(blasReasonText)"),
      ("vector kernels", "\(vectorKernels): \(vectorReasonText)"),
      ("SGEMM", speedText(single)), ("DGEMM", speedText(double)),
      ("gnuplot", gnuplot ?? "not found; \(Gnuplot.installCommand), for pictures"),
    ]
  }

  private var threadsText: String {
    ranks == 1
      ? "\(threads), the number of cores this process may use"
      : "\(threads) for each of \(ranks) ranks, a share of the cores they may use"
  }

  private var vectorReasonText: String {
    requestedVectorKernels == nil
      ? "the best of avx512, avx2 and portable that this CPU can run"
      : "asked for by UNROLL_KERNELS in the environment"
  }

  private func speedText(_ speed: ProductSpeed) -> String {
    "\(NumberText.significant(speed.gigaflops)) GFLOP/s on one thread, "
      + "\(speed.size) × \(speed.size)"
  }
}
