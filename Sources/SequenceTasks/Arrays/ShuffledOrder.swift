import Foundation
import UnrollDenseMath
import UnrollText

/// An endless order of N sequences: pass after pass over all of them, each pass one permutation
/// named by the seed and the pass's number.
///
/// The two latest permutations are kept, since a batch may reach from one pass into the next; which
/// ones are kept changes no answer. The lock guards them.
final class ShuffledOrder: @unchecked Sendable {
  private let count: Int
  private let seed: UInt64
  // An NSLock rather than a Mutex, which the thread sanitizer does not see on Linux.
  private let lock = NSLock()
  private var passes: [Pass]

  private struct Pass {
    var number: Int?
    var order: [Int]
  }

  init(count: Int, seed: UInt64) {
    require(count >= 1, "expected at least 1 sequence, got \(count)")
    self.count = count
    self.seed = seed
    passes = Array(repeating: Pass(number: nil, order: Array(0..<count)), count: 2)
  }

  /// The sequence that comes at `position` of the endless order.
  func sequence(at position: Int) -> Int {
    let (number, location) = position.quotientAndRemainder(dividingBy: count)
    lock.lock()
    defer { lock.unlock() }
    let slot = number % 2
    if passes[slot].number != number { shuffle(slot, as: number) }
    return passes[slot].order[location]
  }

  private func shuffle(_ slot: Int, as number: Int) {
    var random = RandomNumbers(seed: seed, 0x5AFF_1E, UInt64(number))
    for index in 0..<count { passes[slot].order[index] = index }
    passes[slot].order.shuffle(using: &random)
    passes[slot].number = number
  }
}
