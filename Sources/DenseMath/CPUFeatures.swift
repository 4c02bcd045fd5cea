import CUnrollVectorKernels
import Foundation

/// The vector instructions this CPU offers, as far as the choice of kernels needs them.
public struct CPUFeatures: Sendable, Equatable {
  /// AVX2 with fused multiply-add.
  public var avx2: Bool
  /// AVX-512 F, BW, DQ and VL.
  public var avx512: Bool

  /// The features of the CPU that the process runs on.
  public static let current: CPUFeatures = {
    let features = unroll_cpu()
    return CPUFeatures(avx2: features.avx2_fma, avx512: features.avx512)
  }()

  /// The CPU's name as it gives it itself, and on Linux for arm64 the names of its cores; empty where
  /// there is none.
  public static var name: String {
    let given = String(cString: unroll_cpu_name())
    return given.isEmpty ? ArmCPU.present : given
  }

  /// The set of element-wise kernels in use: `avx512`, `avx2` or `portable`.
  ///
  /// The best that this CPU runs, unless the environment variable `UNROLL_KERNELS` names another.
  public static var vectorKernels: String { String(cString: unroll_kernels_float().pointee.name) }

  /// The sets of element-wise kernels that this CPU runs, best first.
  public static let availableVectorKernels: [String] = ["avx512", "avx2", "portable"].filter {
    unroll_kernels_float_named($0) != nil
  }

  /// What `UNROLL_KERNELS` asks for; nil where it is unset or empty.
  ///
  /// A set that this CPU cannot run has no effect; the program refuses it.
  public static var requestedVectorKernels: String? {
    getenv("UNROLL_KERNELS").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }
}
