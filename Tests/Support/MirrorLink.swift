import Synchronization
import UnrollTraining

/// The first of two ranks, the second of which always has the same numbers. It waits for nobody and
/// allocates nothing, so that one rank can be looked at alone.
package final class MirrorLink: RankLink {
  private let gradientSums = Atomic(0)

  package init() {}

  package let rank = 0
  package let count = 2

  /// How many sums had more than one element, as those of gradients have.
  package var gradients: Int { gradientSums.load(ordering: .relaxed) }

  package func sum(
    _ values: UnsafeMutableBufferPointer<Float>, _ scalars: UnsafeMutableBufferPointer<Double>
  ) {
    double(values, scalars)
  }

  package func sum(
    _ values: UnsafeMutableBufferPointer<Double>, _ scalars: UnsafeMutableBufferPointer<Double>
  ) {
    double(values, scalars)
  }

  private func double<Element: BinaryFloatingPoint>(
    _ values: UnsafeMutableBufferPointer<Element>, _ scalars: UnsafeMutableBufferPointer<Double>
  ) {
    if values.count > 1 { gradientSums.add(1, ordering: .relaxed) }
    for index in values.indices { values[index] *= 2 }
    for index in scalars.indices { scalars[index] *= 2 }
  }

  package func broadcast(_ bytes: [UInt8]) -> [UInt8] { bytes }
  package func send(_ bytes: [UInt8], to rank: Int) {}
  package func receive() -> (from: Int, bytes: [UInt8])? { nil }
  package func finish() {}
  package func abort(status: Int32) -> Never { fatalError("ended all with status \(status)") }
}
