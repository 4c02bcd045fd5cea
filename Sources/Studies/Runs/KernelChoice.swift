import Foundation
import UnrollDenseMath
import UnrollOptimization
import UnrollText

/// The kernels that a run is to have on every machine, since its last digits depend on them: those of
/// BLAS and our own, `Haswell/avx2`.
package struct KernelChoice: Sendable, Equatable, CustomStringConvertible {
  package let blas: String
  package let vector: String

  /// The pairs that a single name stands for: what most CPUs with these instructions take by themselves.
  private static let pairs: [(name: String, choice: String)] = [
    ("avx512", "SkylakeX/avx512"), ("avx2", "Haswell/avx2"), ("portable", "Nehalem/portable"),
  ]

  /// The single names accepted on this machine, with the pairs that they stand for.
  package static var names: [(name: String, choice: String)] {
    pairs.filter { KernelChoice(parsing: $0.choice) != nil }
  }

  /// The forms accepted by ``init(_:)`` on this machine.
  package static var accepted: String {
    let (blas, own) = (BLASLibrary.availableKernels, CPUFeatures.availableVectorKernels)
    return (names.isEmpty ? "" : "\(names.map(\.name).listed("or")), or ")
      + "BLAS/OWN as runs.csv has them, with \(blas.listed("or")) and \(own.listed("or")) on this CPU"
  }

  /// Reads `avx2` or `Haswell/avx2`, in any letters.
  ///
  /// - Throws: `InvalidSetting` for any other text, and for kernels that this CPU cannot run.
  package init(_ text: String) throws(InvalidSetting) {
    guard let choice = Self(parsing: text) else {
      throw InvalidSetting(value: text, accepted: Self.accepted)
    }
    self = choice
  }

  private init?(parsing text: String) {
    let name = text.lowercased()
    let pair = Self.pairs.first { $0.name == name }?.choice ?? text
    let parts = pair.lowercased().split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2,
      let blas = BLASLibrary.availableKernels.first(where: { $0.lowercased() == parts[0] }),
      let vector = CPUFeatures.availableVectorKernels.first(where: { $0 == parts[1] })
    else { return nil }
    (self.blas, self.vector) = (blas, vector)
  }

  package var description: String { "\(blas)/\(vector)" }

  /// Whether they are those in use.
  package var isInUse: Bool {
    let present = Machinery.present
    return present.blasKernels.lowercased() == blas.lowercased() && present.vectorKernels == vector
  }

  /// Makes them those in use. To be called at the start of `main`, before there are other threads and
  /// before any operation on matrices.
  package func apply() {
    setenv("UNROLL_KERNELS", vector, 1)
    BLASLibrary.prepare(kernels: blas)
  }
}
