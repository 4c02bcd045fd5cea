/// A way to sum a vector over N processes so that all have the sum, with its time in the α–β model.
///
/// The additions themselves are not counted: they take far less than the messages. From Thakur,
/// Rabenseifner & Gropp 2005, *Optimization of collective communication operations in MPICH*; the ring
/// for gradients is from Patarasuk & Yuan 2009.
package enum AllReduce: String, CaseIterable, Sendable {
  /// Each process passes a part of 1/N on to its neighbor, N − 1 times to sum the parts and N − 1 times
  /// to hand the sums round: 2(N − 1)(α + n/(Nβ)). Best for long vectors.
  case ring
  /// Summed along a binomial tree to one process, and handed back the same way: 2⌈log₂N⌉(α + n/β).
  case tree
  /// Recursive doubling: in each of log₂N rounds pairs exchange what they have, so that
  /// log₂N·(α + n/β); two more messages where N is no power of two. Best for short vectors.
  case doubling

  /// The seconds to sum `bytes` over `ranks` processes.
  package func seconds(bytes: Double, ranks: Int, link: NetworkLink) -> Double {
    guard ranks > 1 else { return 0 }
    let below = Double(Int.bitWidth - 1 - ranks.leadingZeroBitCount)
    let isPower = ranks & (ranks - 1) == 0
    switch self {
    case .ring:
      return 2 * Double(ranks - 1) * link.seconds(bytes / Double(ranks))
    case .tree:
      return 2 * (isPower ? below : below + 1) * link.seconds(bytes)
    case .doubling:
      return (isPower ? below : below + 2) * link.seconds(bytes)
    }
  }
}
