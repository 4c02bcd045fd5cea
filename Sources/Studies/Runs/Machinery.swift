import UnrollDenseMath
import UnrollFileFormats

/// What computed a run's numbers: their last digits depend on it.
public struct Machinery: Equatable, Sendable {
  /// The program's version.
  public let version: String
  /// The BLAS library, in its own words.
  public let blas: String
  /// Which of the library's kernels are in use.
  public let blasKernels: String
  /// Which of our own.
  public let vectorKernels: String

  /// This program on this machine.
  public static var present: Machinery {
    Machinery(
      version: Version.current, blas: BLASLibrary.shared.configuration,
      blasKernels: BLASLibrary.shared.kernels, vectorKernels: CPUFeatures.vectorKernels)
  }

  /// The kernels as a column of a table: `SkylakeX/avx512`.
  public var kernels: String { "\(blasKernels)/\(vectorKernels)" }

  /// As `config.json` has it.
  var json: JSONObject {
    [
      "version": .string(version), "blas": .string(blas), "blas_kernels": .string(blasKernels),
      "vector_kernels": .string(vectorKernels),
    ]
  }

  /// What a `config.json` says; nil where it does not say all.
  public init?(config: JSONValue) {
    guard let version = config["version"]?.string, let blas = config["blas"]?.string,
      let blasKernels = config["blas_kernels"]?.string,
      let vectorKernels = config["vector_kernels"]?.string
    else { return nil }
    self.init(
      version: version, blas: blas, blasKernels: blasKernels, vectorKernels: vectorKernels)
  }

  private init(version: String, blas: String, blasKernels: String, vectorKernels: String) {
    (self.version, self.blas) = (version, blas)
    (self.blasKernels, self.vectorKernels) = (blasKernels, vectorKernels)
  }

  /// What numbers depend on and differs in `other`, by its key in `config.json`: this one's value and
  /// the other's.
  public func differences(from other: Machinery) -> [(key: String, own: String, other: String)] {
    [
      ("version", version, other.version),
      ("blas_kernels", blasKernels, other.blasKernels),
      ("vector_kernels", vectorKernels, other.vectorKernels),
    ].filter { $0.1 != $0.2 }.map { (key: $0.0, own: $0.1, other: $0.2) }
  }
}
