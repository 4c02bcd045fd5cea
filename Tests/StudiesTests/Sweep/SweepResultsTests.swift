import Testing
import UnrollFileFormats
import UnrollSequenceTasks
import UnrollTestSupport
import UnrollTraining

@testable import UnrollStudies

/// Rows, groups and pairs of a sweep made from results of which everything is known.
struct SweepResultsTests {
  static func result(
    _ values: [String], seed: Int, loss: Double?, solvedAfter updates: Int? = nil,
    finalLoss: Double = 0.5, outcome: RunVerdict? = nil, meanNorm: Double? = 2
  ) -> SweepResult {
    let run = SweepRun(
      id: (values + ["\(seed)"]).joined(separator: "-"), setting: SweepSetting(values), seed: seed,
      threshold: .rule(.none), unclippedPass: ""
    ) { throw CancellationError() }
    let measures = RunMeasures(
      outcome: outcome ?? (updates == nil ? .unsolved : .solved), updates: 100,
      updatesToSolve: updates, finalLoss: finalLoss, isValidation: true, bestLoss: 0.25,
      testLoss: loss, bestTestLoss: loss.map { _ in 0.125 }, clippedFraction: 0.5,
      meanNorm: meanNorm, maxNorm: 3,
      effectiveStep: 0.75, clipAngle: 10, seconds: 1.5)
    return SweepResult(run, measures, origin: ResultOrigin())
  }

  // MARK: Rows

  @Test(arguments: [0.1, .nan, .infinity, nil] as [Double?])
  func aRowHoldsAResult(loss: Double?) throws {
    let result = Self.result(["norm:1", "a,b"], seed: 3, loss: loss, solvedAfter: 40)
    #expect(result.row.count == SweepResult.columns(["clip", "file"]).count)
    // As the parser gives the fields, without quotes.
    let texts = try CSVLine.fields(of: result.row.map(\.encoded).joined(separator: ","))
    let read = try #require(SweepResult(row: texts, options: 2))
    #expect(read.row.map(\.encoded) == result.row.map(\.encoded))
    #expect(read.run.updatesToSolve == 40 && read.cpu == result.cpu)
  }

  /// A loss on training data is no validation loss.
  @Test func withoutValidationDataTheLossIsOfTheTrainingData() throws {
    let plain = Self.result([], seed: 1, loss: nil)
    var measures = plain.run
    measures.isValidation = false
    let run = SweepRun(
      id: "a", setting: SweepSetting([]), seed: 1, threshold: .rule(.none), unclippedPass: ""
    ) { throw CancellationError() }
    let result = SweepResult(run, measures, origin: ResultOrigin())
    let fields = Dictionary(uniqueKeysWithValues: zip(SweepResult.columns([]), result.row))
    #expect(fields["validation_loss"] == .blank && fields["training_loss"] == .number(0.5))
    #expect(result.comparedData == "training" && result.comparedLoss == 0.5)
    let read = SweepResult(row: result.row.map(\.encoded), options: 0)
    #expect(read?.run == measures)
  }

  @Test(arguments: [
    ("seed", "-1"), ("seed", "x"), ("outcome", "good"), ("updates", "1e400"), ("mean_norm", "high"),
    ("validation_loss", ""), ("seconds", ""), ("run", ""), ("version", ""),
    ("updates_to_solve", "99999999999999999999"),
  ])
  func whatIsNoResultIsNotRead(column: String, text: String) throws {
    var row = Self.result(["1"], seed: 1, loss: 0.1).row.map(\.encoded)
    let place = try #require(SweepResult.columns(["hidden"]).firstIndex(of: column))
    #expect(SweepResult(row: row, options: 1) != nil)
    row[place] = text
    #expect(SweepResult(row: row, options: 1) == nil)
    #expect(SweepResult(row: Array(row.dropLast()), options: 1) == nil)
  }

  // MARK: Groups

  @Test func aGroupSumsUpItsRuns() throws {
    let results = [
      Self.result(["1"], seed: 2, loss: 0.4, solvedAfter: 50),
      Self.result(["2"], seed: 1, loss: .nan, outcome: .diverged),
      Self.result(["1"], seed: 1, loss: 0.2, solvedAfter: 30),
      Self.result(["1"], seed: 3, loss: .infinity, outcome: .diverged),
      Self.result(["1"], seed: 4, loss: 0.3),
    ]
    let groups = SweepGroup.groups(of: results)
    #expect(groups.map(\.setting.values) == [["1"], ["2"]])
    let group = groups[0]
    #expect(group.results.map(\.seed) == [1, 2, 3, 4])
    #expect([RunVerdict.solved, .unsolved, .diverged].map(group.count) == [2, 1, 1])
    // Two of four is half, and the second of them had solved it after 50.
    #expect(group.updatesToSolve == 50 && group.updatesToSolveNote == nil)
    #expect(group.losses.quantile(0.25).map { abs($0 - 0.275) < 1e-15 } == true)
    #expect(group.losses.quantile(0.75) == .infinity)
    #expect(groups[1].updatesToSolve == nil)
    #expect(groups[1].updatesToSolveNote == "solved by 0 of 1")
    #expect(group.row().count == SweepGroup.columns(["hidden"]).count)
  }

  /// Today's median of the solved runs alone says the contrary: 300 against 500.
  @Test func fewerSolvedRunsAreNotFaster() {
    func group(_ updates: [Int]) -> SweepGroup {
      SweepGroup.groups(
        of: (0..<5).map {
          Self.result(
            ["1"], seed: $0, loss: 0.1, solvedAfter: $0 < updates.count ? updates[$0] : nil)
        })[0]
    }
    #expect(group([300, 300]).updatesToSolve == nil)
    #expect(group([500, 500, 500]).updatesToSolve == 500)
  }

  // MARK: Pairs

  @Test func pairsAreOfTheSameSeed() throws {
    let own = [0.5, 0.25, .infinity, .nan].enumerated().map {
      Self.result(["b"], seed: $0, loss: $1, solvedAfter: $0 == 0 ? 9 : nil)
    }
    let other = [0.25, 0.5, 0.5, .infinity, 0.1].enumerated().map {
      Self.result(["a"], seed: $0, loss: $1, solvedAfter: $0 < 3 ? 9 : nil)
    }
    let groups = SweepGroup.groups(of: other + own)
    let pairs = SweepPair.pairs(of: groups) { _ in SweepSetting(["a"]) }
    let pair = try #require(pairs.first)
    #expect(pairs.count == 1 && pair.seeds == [0, 1, 2, 3])
    // Two losses that are not finite differ by nothing.
    #expect(pair.differences == [0.25, -0.25, .infinity, 0])
    #expect(pair.ranks == SignedRankTest([0.25, -0.25, .infinity]).withZeros(1))
    #expect(pair.solved == McNemarTest(onlyFirst: 0, onlySecond: 2))
    #expect(pair.medianDifference == 0.125 && pair.differenceInterval == nil)
    #expect(pair.row().count == SweepPair.columns(["x"]).count)
  }

  @Test func pValuesAreAdjustedInFamilies() {
    var results: [SweepResult] = []
    for seed in 0..<6 {
      let own = 1 + Double(seed)
      results.append(Self.result(["a"], seed: seed, loss: own))
      results.append(Self.result(["b"], seed: seed, loss: own - 0.5))
      results.append(Self.result(["c"], seed: seed, loss: own - 0.1 + 0.04 * Double(seed)))
    }
    let pairs = SweepPair.pairs(of: SweepGroup.groups(of: results)) { _ in SweepSetting(["a"]) }
    #expect(pairs.map(\.ranks.p).map { ($0 * 32).rounded() / 32 }[0] == 0.03125)
    #expect(pairs.map(\.adjustedRanksP) == holmAdjusted(pairs.map(\.ranks.p)))
    #expect(pairs[0].differenceInterval?.low == -0.5 && pairs[0].differenceInterval?.high == -0.5)
  }

  /// Losses of different kinds have no difference, and no part in the adjustment of the others.
  @Test func lossesOfDifferentKindsAreNotCompared() {
    var results: [SweepResult] = []
    for seed in 0..<6 {
      results.append(Self.result(["a"], seed: seed, loss: 1 + Double(seed), solvedAfter: 9))
      results.append(Self.result(["b"], seed: seed, loss: nil))
      results.append(Self.result(["c"], seed: seed, loss: 0.5 + Double(seed)))
    }
    let groups = SweepGroup.groups(of: results)
    #expect(SweepGroup.lossName(groups) == "loss")
    #expect(SweepGroup.lossName([groups[0], groups[2]]) == "test loss")
    let pairs = SweepPair.pairs(of: groups) { _ in SweepSetting(["a"]) }
    #expect(pairs[0].hasOtherLosses && pairs[0].seeds.count == 6 && pairs[0].solved.onlySecond == 6)
    #expect(!pairs[1].hasOtherLosses && pairs[1].adjustedRanksP == pairs[1].ranks.p)
    let row = Dictionary(
      uniqueKeysWithValues: zip(SweepPair.columns(["x"]), pairs[0].row()))
    for name in ["difference_median", "zero_differences", "wilcoxon_p", "wilcoxon_p_holm"] {
      #expect(row[name] == .blank, "\(name)")
    }
    #expect(row["pairs"] == .integer(6) && row["mcnemar_p"] != .blank)
    // By a kind of one's own.
    func ownKind(_ group: SweepGroup) -> String { group.setting.values[0] }
    let kinds = SweepPair.pairs(of: groups, kindOfLoss: ownKind) { _ in SweepSetting(["a"]) }
    #expect(kinds.count == 2 && kinds.filter(\.hasOtherLosses).count == 2)
  }

  @Test func aRunHasOneRow() throws {
    let rows = [1, 2, 1].map { Self.result(["a"], seed: $0, loss: 0.5).row.map(\.encoded) }
    #expect(throws: FileProblem.repeatedRow(number: 3, first: 1, run: "a-1")) {
      try SweepLog.results(rows, options: 1)
    }
    #expect(try SweepLog.results(Array(rows.prefix(2)), options: 1).count == 2)
  }

  /// What no run has written is no result.
  @Test(arguments: [
    ("outcome", "solved"), ("outcome", "diverged"), ("updates_to_solve", ""), ("test_loss", ""),
  ])
  func fieldsThatDisagreeAreNoResult(column: String, text: String) throws {
    let result = Self.result([], seed: 1, loss: 0.5, solvedAfter: text == "solved" ? nil : 40)
    var row = result.row.map(\.encoded)
    #expect(SweepResult(row: row, options: 0) != nil)
    let place = try #require(SweepResult.columns([]).firstIndex(of: column))
    row[place] = text
    #expect(SweepResult(row: row, options: 0) == nil)
  }

  @Test func aSettingWithoutItsBaselineIsLeftOut() {
    let groups = SweepGroup.groups(of: [Self.result(["b"], seed: 1, loss: 1)])
    #expect(SweepPair.pairs(of: groups) { _ in SweepSetting(["a"]) }.isEmpty)
  }
}

extension SignedRankTest {
  /// The same test with so many differences of 0 beside.
  fileprivate func withZeros(_ count: Int) -> SignedRankTest {
    SignedRankTest([0.25, -0.25, .infinity] + [Double](repeating: 0, count: count))
  }
}

extension SweepResultsTests {
  /// Where no seed changes anything, eight runs are one, which says nothing against another; where one
  /// seed does, they count.
  @Test func runsThatNoSeedChangesAreOne() throws {
    func compared(lastLoss: Double) throws -> (SweepGroup, SweepPair) {
      let results = (1...8).flatMap { seed in
        [
          Self.result(["a"], seed: seed, loss: 0.5),
          Self.result(["b"], seed: seed, loss: seed == 8 ? lastLoss : 0.25),
        ]
      }
      let groups = SweepGroup.groups(of: results)
      let pairs = SweepPair.pairs(of: groups) { _ in SweepSetting(["a"]) }
      return (try #require(groups.last), try #require(pairs.first))
    }
    let (group, pair) = try compared(lastLoss: 0.25)
    #expect(group.isOneRun && pair.seeds == [1] && pair.ranks.p == 1)
    // One run has no interval.
    let row = Dictionary(uniqueKeysWithValues: zip(SweepGroup.columns(["x"]), group.row()))
    #expect(row["runs"] == .integer(8) && row["solved_low"] == .blank && row["loss_low"] == .blank)
    let (other, counted) = try compared(lastLoss: 0.125)
    #expect(!other.isOneRun && counted.seeds.count == 8 && counted.ranks.p < 0.01)
    #expect(!SweepGroup.groups(of: [Self.result(["a"], seed: 1, loss: 1)])[0].isOneRun)
    // All of them exploded in the first update, each by itself.
    let exploded = [1, 2].map {
      Self.result(["a"], seed: $0, loss: .nan, outcome: .diverged, meanNorm: nil)
    }
    #expect(!SweepGroup.groups(of: exploded)[0].isOneRun)
  }

  /// Settings without a seed in common, as in a shard, have no p, and take none from the others.
  @Test func settingsWithoutACommonSeedAreNoComparison() throws {
    var results: [SweepResult] = []
    for seed in 1...6 {
      results.append(Self.result(["a"], seed: seed, loss: Double(seed)))
      results.append(Self.result(["b"], seed: seed + 6, loss: Double(seed)))
      results.append(Self.result(["c"], seed: seed, loss: Double(2 * seed)))
    }
    let pairs = SweepPair.pairs(of: SweepGroup.groups(of: results)) { _ in SweepSetting(["a"]) }
    #expect(pairs.count == 2 && pairs[0].seeds.isEmpty && pairs[1].seeds.count == 6)
    let columns = SweepPair.columns(["x"])
    let row = Dictionary(uniqueKeysWithValues: zip(columns, pairs[0].row()))
    for column in columns where column.hasSuffix("_p") || column.hasSuffix("_p_holm") {
      #expect(row[column] == CSVField.blank, "\(column)")
    }
    // 2 of 2⁶ choices of signs, one comparison.
    #expect(pairs[1].adjustedRanksP == 2.0 / 64)
  }
}
