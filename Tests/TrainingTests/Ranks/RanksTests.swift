import Testing
import UnrollDenseMath
import UnrollTestSupport

@testable import UnrollTraining

/// What ranks do together, on threads of one process.
@Suite struct RanksTests {
  private struct Trouble: Error, Equatable { let rank: Int }

  @Test func aProcessOfItsOwnIsTheFirstOfOne() throws {
    let ranks = try Ranks.join(environment: [:])
    #expect(ranks.isFirst && ranks.count == 1 && ranks.share(of: 3..<10) == 3..<10)
    let values = Matrix<Float>(rows: 1, columns: 2, [1, 2])
    ranks.sum(values)
    #expect(values.elements == [1, 2] && ranks.any(true) && !ranks.any(false))
    #expect(throws: Trouble(rank: 0)) { try ranks.agree { throw Trouble(rank: 0) } }
    try ranks.requireSame([("anything", "at all")])
    #expect(ranks.broadcast("text") == "text")
  }

  @Test func sumsAndSharesAreOverAllRanks() throws {
    let sums = try ThreadRanks.run(3) { ranks in
      let values = Matrix<Float>(rows: 1, columns: 2, [Double(ranks.number), 1])
      let scalars = Matrix<Double>(rows: 1, columns: 1, [0.5])
      ranks.sum(values, scalars: scalars)
      return (
        values.elements, scalars[0, 0], ranks.any(ranks.number == 2), ranks.any(false),
        ranks.broadcast("of \(ranks.number)"), ranks.share(of: 0..<7), ranks.share(of: 0..<2)
      )
    }
    for sum in sums {
      #expect(sum.0 == [3, 3] && sum.1 == 1.5 && sum.2 && !sum.3 && sum.4 == "of 0")
    }
    #expect(sums.map(\.5) == [0..<2, 2..<4, 4..<7])
    #expect(sums.map(\.6) == [0..<1, 1..<2, 2..<2])
  }

  /// Where some fail, all do, and the first of those says why.
  @Test func oneFailureIsEveryones() throws {
    let outcomes = ThreadRanks.outcomes(4) { ranks in
      try ranks.agree(code: { Int32(($0 as? Trouble)?.rank ?? 0) + 40 }) {
        if ranks.number % 2 == 1 { throw Trouble(rank: ranks.number) }
      }
    }
    for (rank, outcome) in outcomes.enumerated() {
      let failure = #expect(throws: AgreedFailure.self) { try outcome.get() }
      #expect(failure?.rank == 1 && failure?.code == 41)
      #expect(failure?.own as? Trouble == (rank == 1 ? Trouble(rank: 1) : nil))
    }
    #expect(try ThreadRanks.run(2) { ranks in try ranks.agree { ranks.number } } == [0, 1])
  }

  @Test func differencesAreRefused() throws {
    let outcomes = ThreadRanks.outcomes(3) { ranks in
      try ranks.requireSame([("a", "same"), ("kernels", ranks.number == 2 ? "avx2" : "avx512")])
    }
    let failures = outcomes.map { outcome in
      #expect(throws: AgreedFailure.self) { try outcome.get() }
    }
    #expect(
      failures[2]?.own as? RanksError
        == .difference(rank: 2, what: "kernels", own: "avx2", first: "avx512"))
    #expect(failures[0]?.own == nil && failures[0]?.rank == 2)
  }

  @Test func messagesArriveInTheirOrder() throws {
    let heard = try ThreadRanks.run(2) { ranks in
      if ranks.isFirst {
        for number in 0..<5 { try ranks.send([Double(number), .nan, -.infinity], to: 1) }
        return [Double]()
      }
      var heard: [Double] = []
      while heard.count < 5 {
        if let (from, message) = try ranks.receive([Double].self) {
          #expect(from == 0 && message[1].isNaN && message[2] == -.infinity)
          heard.append(message[0])
        }
      }
      return heard
    }
    #expect(heard[1] == [0, 1, 2, 3, 4])
  }

  // MARK: Cores

  /// Of each rank, how many cores it has and which.
  @Test(
    arguments: [
      // Each has cores of its own, on one machine or several.
      ([(1, 1), (1, 2)], 1), ([(4, 1), (4, 2), (4, 3)], 4),
      // All have the same.
      ([(8, 1), (8, 1), (8, 1), (8, 1)], 2), ([(8, 1), (8, 1), (8, 1)], 2),
      // More ranks than cores.
      ([(2, 7), (2, 7), (2, 7)], 1),
      // Two share eight, and a third has three of its own.
      ([(8, 1), (3, 2), (8, 1)], 3),
      // Every bit tells sets apart.
      ([(6, .max), (6, .max - 1)], 6), ([(6, .max), (6, .max - 1 << 63)], 6),
      ([(6, .max), (6, .max)], 3),
    ] as [([(Int, UInt64)], Int)])
  func coresAreSharedAmongTheRanksThatHaveThem(cores: [(Int, UInt64)], threads: Int) throws {
    let found = try ThreadRanks.run(cores.count) { ranks in
      let (count, identity) = cores[ranks.number]
      return ranks.threadsForEach(CoreSet(count: count, identity: identity))
    }
    #expect(found == Array(repeating: threads, count: cores.count))
  }

  @Test func aRankThatIsAloneHasAllItsCores() {
    #expect(Ranks.single.threadsForEach(CoreSet(count: 5, identity: 1)) == 5)
    #expect(Ranks.single.threadsForEach() == Workers.availableCores)
  }

  // MARK: The start

  @Test(arguments: [
    (["OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "3"], 4, 3),
    (["PMI_SIZE": "2", "PMI_RANK": "0"], 2, 0),
    (["SLURM_STEP_NUM_TASKS": "8", "PMIX_RANK": "7"], 8, 7),
  ])
  func launchersAreKnown(environment: [String: String], count: Int, rank: Int) throws {
    let launch = try #require(Launch(environment))
    #expect(launch.count == count && launch.rank == rank)
  }

  /// One process, tasks of Slurm that know nothing of each other, and nonsense.
  @Test(arguments: [
    ["OMPI_COMM_WORLD_SIZE": "1", "OMPI_COMM_WORLD_RANK": "0"], ["SLURM_STEP_NUM_TASKS": "8"],
    ["PMI_SIZE": "two", "PMI_RANK": "0"], ["PMI_SIZE": "2", "PMI_RANK": "2"], ["PMI_SIZE": "2"],
  ])
  func otherProcessesAreAlone(environment: [String: String]) throws {
    #expect(Launch(environment) == nil)
    #expect(try Ranks.join(environment: environment).count == 1)
  }

  @Test func processesThatCannotWorkTogetherSayWhatWould() {
    #expect(
      RanksError.notBuilt(count: 2).description.contains("swift build -c release --traits MPI"))
    #expect(
      RanksError.otherLibrary(launched: 4, found: 1).description
        == "4 processes were started together, and the MPI library that unroll was built with finds "
        + "1; use the mpirun or srun --mpi of that library")
  }
}
