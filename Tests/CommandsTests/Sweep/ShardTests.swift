import Testing
import UnrollStudies

@testable import UnrollCommands

struct ShardTests {
  private static func run(_ number: Int) -> SweepRun {
    SweepRun(
      id: "\(number)", setting: SweepSetting([]), seed: number, threshold: .rule(.none),
      unclippedPass: ""
    ) { throw CancellationError() }
  }

  @Test(arguments: ["1/1", "2/4", "1000000/1000000"])
  func isRead(text: String) throws { #expect(try #require(Shard(text)).description == text) }

  @Test(arguments: ["", "1", "0/2", "3/2", "1/0", "a/b", "1/2/3", "-1/2", "1/1000001"])
  func whatIsNoneIsNot(text: String) { #expect(Shard(text) == nil) }

  /// Every run is in one shard, and shards cost alike: at most the dearest run apart.
  @Test(arguments: [1, 2, 3, 4, 7]) func sharesCostAlike(count: Int) throws {
    let runs = (0..<60).map(Self.run)
    func cost(_ run: SweepRun) -> Double { [1, 10, 3][run.seed / 20] }
    let shares = try (1...count).map {
      try #require(Shard("\($0)/\(count)")).share(of: runs, cost: cost)
    }
    #expect(shares.flatMap { $0.map(\.seed) }.sorted() == Array(0..<60))
    for share in shares { #expect(share.map(\.seed) == share.map(\.seed).sorted()) }
    let costs = shares.map { $0.map(cost).reduce(0, +) }
    #expect((costs.max() ?? 0) - (costs.min() ?? 0) <= 10)
  }
}
