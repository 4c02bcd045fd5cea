import Foundation
import Testing

@testable import UnrollSequenceTasks

struct ShuffledOrderTests {
  @Test(arguments: [1, 2, 7, 100])
  func eachPassIsAPermutation(count: Int) {
    let order = ShuffledOrder(count: count, seed: 3)
    for pass in 0..<5 {
      let sequences = (0..<count).map { order.sequence(at: pass * count + $0) }
      #expect(sequences.sorted() == Array(0..<count))
    }
  }

  @Test func passesAndSeedsDiffer() {
    let orders = [3, 4].map { ShuffledOrder(count: 50, seed: $0) }
    let first = (0..<50).map { orders[0].sequence(at: $0) }
    #expect(first != (50..<100).map { orders[0].sequence(at: $0) })
    #expect(first != (0..<50).map { orders[1].sequence(at: $0) })
  }

  @Test func nothingDependsOnWhatWasAskedBefore() {
    let asked = ShuffledOrder(count: 9, seed: 8)
    for position in [500, 3, 80, 4, 3, 12, 499, 0] {
      let fresh = ShuffledOrder(count: 9, seed: 8)
      #expect(asked.sequence(at: position) == fresh.sequence(at: position))
    }
  }

  @Test func threadsGetTheSame() {
    let order = ShuffledOrder(count: 13, seed: 8)
    let expected = (0..<200).map { ShuffledOrder(count: 13, seed: 8).sequence(at: $0) }
    DispatchQueue.concurrentPerform(iterations: 4) { worker in
      for position in 0..<200 {
        let position = (position * (2 * worker + 1)) % 200
        #expect(order.sequence(at: position) == expected[position])
      }
    }
  }
}
