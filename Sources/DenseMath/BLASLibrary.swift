import Foundation
import Synchronization

/// OpenBLAS, the library behind every matrix product, set to this CPU's best kernels.
///
/// OpenBLAS chooses its kernels when it is loaded, by CPU models it knows; releases before 0.3.25
/// fall back to SSE3 code on newer models (OpenBLAS issue 4267). ``shared`` compares the choice with
/// what the CPU offers and, where a better set exists, makes OpenBLAS choose again. A choice that
/// the user made by `OPENBLAS_CORETYPE` is left alone.
///
/// > Important: To choose again, OpenBLAS has to read `OPENBLAS_CORETYPE`, so the variable is set for
/// > a moment. No other thread may use the environment or OpenBLAS then. A program that has threads
/// > calls ``prepare(correctingKernels:kernels:)`` at the start of `main`, before it starts them.
public struct BLASLibrary: Sendable {
  /// Why the kernels in use are in use.
  public enum Reason: Sendable, Equatable {
    /// OpenBLAS's own choice, at least as good as what the CPU's features call for.
    case ownChoice
    /// The environment variable `OPENBLAS_CORETYPE` asked for them.
    case environment
    /// The host asked for them, by ``prepare(correctingKernels:kernels:)``.
    case requested
    /// OpenBLAS had chosen `misjudged`, and was asked again.
    case corrected(misjudged: String)
    /// Better kernels exist, but this build of OpenBLAS cannot be asked again.
    case fixedAtBuild(wanted: String)
    /// Better kernels exist, but the host asked for OpenBLAS's own choice.
    case keptForHost(wanted: String)
    /// Another library is in OpenBLAS's place, and chooses its own.
    case notOpenBLAS
  }

  /// OpenBLAS's version and build, in its own words; the file of another library in its place.
  public let configuration: String
  /// The kernel set in use, in OpenBLAS's words: `SkylakeX`, `Haswell`, …; `unknown` of another library.
  public let kernels: String
  /// Why these kernels are in use.
  public let reason: Reason

  /// The library, ready for calls: best kernels, one thread a call.
  ///
  /// Made on first use, which any operation on matrices may be. Where OpenBLAS has to choose again,
  /// that changes the environment for a moment; see ``prepare(correctingKernels:kernels:)``.
  ///
  /// One thread, because workers own rows of a batch and call BLAS side by side; this also makes a
  /// product's result independent of the number of cores. It holds for the whole process, also for
  /// calls of OpenBLAS that the host makes itself.
  public static let shared = BLASLibrary()

  private static let correctsKernels = Atomic(true)
  private static let requestedKernels = Mutex<String?>(nil)

  /// Makes ``shared`` now, rather than at the first operation on matrices.
  ///
  /// Call it at the start of `main`, before there are other threads. Later calls have no effect.
  ///
  /// - Parameters:
  ///   - correctingKernels: false keeps the kernels that OpenBLAS chose when it was loaded,
  ///     and leaves the environment alone, so that the call is safe at any time.
  ///   - kernels: the name of the set to use, whatever the environment says, for numbers that are the
  ///     same on several machines. ``kernels`` then tells whether this build and CPU have it.
  @discardableResult
  public static func prepare(
    correctingKernels: Bool = true, kernels: String? = nil
  ) -> BLASLibrary {
    requestedKernels.withLock { $0 = kernels }
    correctsKernels.store(correctingKernels, ordering: .relaxed)
    return shared
  }

  private init() {
    var reason = Reason.ownChoice
    let chosen = Self.coreName()
    if !Self.isOpenBLAS {
      reason = .notOpenBLAS
    } else if let requested = Self.requestedKernels.withLock({ $0 }) {
      let isThere = chosen.lowercased() == requested.lowercased()
      reason =
        isThere || Self.chooseAgain(requested) ? .requested : .fixedAtBuild(wanted: requested)
    } else if Self.userChoice != nil {
      reason = .environment
    } else if let wanted = Self.betterKernels(than: chosen, features: CPUFeatures.current) {
      if !Self.correctsKernels.load(ordering: .relaxed) {
        reason = .keptForHost(wanted: wanted)
      } else if Self.chooseAgain(wanted) {
        reason = .corrected(misjudged: chosen)
      } else {
        reason = .fixedAtBuild(wanted: wanted)
      }
    }
    Self.useOneThread()
    self.configuration = Self.describe()
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

  static var userChoice: String? {
    ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Makes OpenBLAS choose its kernels again; false where this build cannot. OpenBLAS reads
  /// `OPENBLAS_CORETYPE` in that call only, so the variable has its old value again at once.
  ///
  /// The two functions exist only in builds with run-time choice (`DYNAMIC_ARCH`).
  private static func chooseAgain(_ kernels: String) -> Bool {
    typealias Function = @convention(c) () -> Void
    guard let quit = function("gotoblas_dynamic_quit", as: Function.self),
      let initialize = function("gotoblas_dynamic_init", as: Function.self)
    else { return false }
    let before = userChoice
    setenv("OPENBLAS_CORETYPE", kernels, 1)
    quit()
    initialize()
    if let before { setenv("OPENBLAS_CORETYPE", before, 1) } else { unsetenv("OPENBLAS_CORETYPE") }
    return coreName().lowercased() == kernels.lowercased()
  }
}
