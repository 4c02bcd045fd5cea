import Testing

@testable import UnrollStudies

struct SeedListTests {
  @Test(arguments: [
    ("1-3,10-12", [1, 2, 3, 10, 11, 12], "1-3,10-12"), ("10,2,1", [1, 2, 10], "1-2,10"),
    ("4-6,1-3", [1, 2, 3, 4, 5, 6], "1-6"), ("0", [0], "0"),
  ])
  func seedsAreReadAndWritten(text: String, seeds: [Int], written: String) throws {
    let list = try #require(SeedList(text))
    #expect(Array(list) == seeds && list.count == seeds.count && list.first == seeds[0])
    #expect(list.description == written)
    #expect(SeedList(written) == list && SeedList(seeds.reversed()) == list)
  }

  @Test(arguments: [
    "", "a", "-1", "3-1", "1-", "1--3", "1,,2", "1-3,2", "2,2", "1 - 3", "0-9223372036854775807",
    "1-2000000", "9223372036854775807", "1-2-3",
  ])
  func otherTextsAreNone(text: String) {
    #expect(SeedList(text) == nil)
  }

  /// Those of a later call need not follow on the earlier ones.
  @Test func seedsOfBothAreJoined() throws {
    let first = try #require(SeedList(from: 1, count: 3))
    let later = try #require(SeedList(from: 10, count: 3))
    #expect(first.joined(later).description == "1-3,10-12")
    #expect(later.joined(first) == first.joined(later))
    #expect(!first.joined(later).isContiguous)
    let next = try #require(SeedList(from: 3, count: 7))
    #expect(first.joined(next).description == "1-9" && first.joined(next).isContiguous)
    #expect(first.joined(later).joined(next).description == "1-12")
  }

  @Test func wordsNameWhatIsNotCountedFromOne() {
    #expect(SeedList([1, 2, 3])?.words == "3 seeds")
    #expect(SeedList([4, 5])?.words == "2 seeds: 4-5")
    #expect(SeedList([3, 1, 2, 10])?.words == "4 seeds: 1-3, 10")
    #expect(SeedList([7])?.words == "1 seed: 7")
  }

  @Test func seedsBeyondTheLargestAreNone() {
    #expect(SeedList(from: Int.max, count: 1) == nil && SeedList(from: 1, count: 0) == nil)
    #expect(SeedList(from: Int.max - 1, count: 1)?.first == Int.max - 1)
  }
}
