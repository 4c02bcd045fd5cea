/// How the ranks of a run reach each other. Only one thread of a rank calls these functions.
package protocol RankLink: Sendable {
  /// This rank's number, from 0.
  var rank: Int { get }
  /// The number of ranks.
  var count: Int { get }

  /// Replaces the elements by their sums over all ranks, of which every rank gets the same bits.
  func sum(
    _ values: UnsafeMutableBufferPointer<Float>, _ scalars: UnsafeMutableBufferPointer<Double>)
  /// The same for Float64.
  func sum(
    _ values: UnsafeMutableBufferPointer<Double>, _ scalars: UnsafeMutableBufferPointer<Double>)
  /// Rank 0's bytes, on every rank.
  func broadcast(_ bytes: [UInt8]) -> [UInt8]
  /// Sends a message; those from one rank to another arrive in their order.
  func send(_ bytes: [UInt8], to rank: Int)
  /// The next message that has come; nil without one. Does not wait.
  func receive() -> (from: Int, bytes: [UInt8])?

  /// Leaves, once all ranks do.
  func finish()
  /// Ends all ranks.
  func abort(status: Int32) -> Never
}
