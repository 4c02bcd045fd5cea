import Testing

@testable import UnrollStudies

/// Against messages that are sent one by one, each at the start of its round, and a round as long as its
/// longest message.
struct AllReduceTests {
  /// 1 byte takes 1 s and a message 1,000 s more, so that a time tells both apart.
  private let link = NetworkLink(latency: 1_000, bandwidth: 1)

  /// Rounds of a ring, in each of which every process sends one of N parts.
  @Test(arguments: 1...17) func ringPassesEveryPartRoundTwice(ranks: Int) {
    let bytes = Double(ranks * 60)
    // What each process has summed of each part; a part is done when all N are in it.
    var parts = (0..<ranks).map { rank in (0..<ranks).map { _ in Set([rank]) } }
    var seconds = 0.0
    while parts.contains(where: { $0.contains { $0.count < ranks } }) {
      let round = Int(seconds / 1_060)
      let before = parts
      for rank in 0..<ranks {
        let part = ((rank - round) % ranks + ranks) % ranks
        let next = (rank + 1) % ranks
        parts[next][part].formUnion(before[rank][part])
      }
      seconds += 1_060
    }
    #expect(AllReduce.ring.seconds(bytes: bytes, ranks: ranks, link: link) == seconds)
  }

  /// In a round of the tree, half of those who still have a sum give it away; then the same back.
  @Test(arguments: 1...17) func treeHalvesAndDoubles(ranks: Int) {
    var (left, rounds) = (ranks, 0)
    while left > 1 { (left, rounds) = ((left + 1) / 2, rounds + 1) }
    #expect(
      AllReduce.tree.seconds(bytes: 60, ranks: ranks, link: link) == Double(2 * rounds * 1_060))
  }

  /// In a round each pair at a distance of 1, 2, 4, … has the sum of both. The processes beyond a power
  /// of two give theirs away before, and are told after.
  @Test(arguments: 1...17) func doublingExchangesPairs(ranks: Int) {
    var power = 1
    while power * 2 <= ranks { power *= 2 }
    var sums = (0..<power).map { Set([$0]) }
    var rounds = 0
    for rank in power..<max(power, ranks) { sums[rank - power].insert(rank) }
    if ranks > power { rounds += 1 }
    var distance = 1
    while distance < power {
      let before = sums
      for rank in sums.indices { sums[rank].formUnion(before[rank ^ distance]) }
      (distance, rounds) = (distance * 2, rounds + 1)
    }
    if ranks > power { rounds += 1 }
    #expect(sums.allSatisfy { $0.count == ranks })
    #expect(
      AllReduce.doubling.seconds(bytes: 60, ranks: ranks, link: link) == Double(rounds * 1_060))
  }
}
