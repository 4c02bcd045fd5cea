import CUnrollOpenBLAS
import CUnrollVectorKernels
import Foundation

/// The BLAS library behind every matrix product, brought onto this CPU's best kernels.
///
/// OpenBLAS chooses its kernels when it is loaded, by CPU models it knows; releases before 0.3.25
/// fall back to SSE3 code on newer models (OpenBLAS issue 4267). `shared` is touched before every
/// call: on first use it compares the choice with what the CPU offers and, where a better set
/// exists, asks OpenBLAS to choose again. `OPENBLAS_CORETYPE` set by the user is left alone.
public struct BLASLibrary: Sendable {
  /// Why the kernels in use are in use.
  public enum Reason: Sendable, Equatable {
    /// OpenBLAS's own choice, at least as good as what the CPU's features call for.
    case ownChoice
    /// The environment variable `OPENBLAS_CORETYPE` asked for them.
    case environment
    /// OpenBLAS had chosen `misjudged`, and was asked again.
    case corrected(misjudged: String)
    /// Better kernels exist, but this build of OpenBLAS cannot be asked again.
    case fixedAtBuild(wanted: String)
  }

  /// OpenBLAS's version and build, in its own words.
  public let configuration: String
  /// The kernel set in use, in OpenBLAS's words: `SkylakeX`, `Haswell`, ….
  public let kernels: String
  public let reason: Reason

  /// The library, ready for calls: best kernels, one thread a call.
  ///
  /// One thread, because workers own rows of a batch and call BLAS side by side; this also makes a
  /// product's result independent of the number of cores.
  public static let shared = BLASLibrary()

  private init() {
    var reason = Reason.ownChoice
    let chosen = Self.coreName()
    if Self.userChoice != nil {
      reason = .environment
    } else if let wanted = Self.betterKernels(than: chosen, features: CPUFeatures.current) {
      reason =
        Self.chooseAgain(wanted) ? .corrected(misjudged: chosen) : .fixedAtBuild(wanted: wanted)
    }
    openblas_set_num_threads(1)
    self.configuration = String(cString: openblas_get_config())
    self.kernels = Self.coreName()
    self.reason = reason
  }

  /// The kernel set that the CPU's features call for where `chosen` is a poorer one, otherwise nil.
  static func betterKernels(than chosen: String, features: CPUFeatures) -> String? {
    let avx512 = ["skylakex", "cooperlake", "sapphirerapids"]
    let avx2 = avx512 + ["haswell", "zen", "excavator"]
    let name = chosen.lowercased()
    if features.avx512 { return avx512.contains(name) ? nil : "SkylakeX" }
    if features.avx2 { return avx2.contains(name) ? nil : "Haswell" }
    return nil
  }

  private static var userChoice: String? {
    ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"].flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func coreName() -> String { String(cString: openblas_get_corename()) }

  /// Makes OpenBLAS choose its kernels anew. `OPENBLAS_CORETYPE` is read at that moment only, so it
  /// is taken out of the environment again afterwards.
  ///
  /// The two entry points exist only in builds with run-time choice (`DYNAMIC_ARCH`), so they are
  /// looked up rather than linked.
  private static func chooseAgain(_ kernels: String) -> Bool {
    guard let quit = entryPoint("gotoblas_dynamic_quit"),
      let initialize = entryPoint("gotoblas_dynamic_init")
    else { return false }
    setenv("OPENBLAS_CORETYPE", kernels, 1)
    quit()
    initialize()
    unsetenv("OPENBLAS_CORETYPE")
    return coreName().lowercased() == kernels.lowercased()
  }

  private static func entryPoint(_ name: String) -> (@convention(c) () -> Void)? {
    guard let address = dlsym(dlopen(nil, RTLD_LAZY), name) else { return nil }
    return unsafeBitCast(address, to: (@convention(c) () -> Void).self)
  }
}
