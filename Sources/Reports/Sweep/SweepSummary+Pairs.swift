import Foundation
import UnrollStudies
import UnrollText

// The settings beside those that they are compared with, and what the tests can tell.
extension SweepSummary {
  /// - Parameter table: that of `pairs`; nil without a pair.
  func printPairs(_ pairs: [SweepPair], _ table: TextTable?, on page: any TextPage) {
    guard let table else {
      // What is compared is there before a run is made; its runs may not be.
      page.printFitted("\nno runs to compare with \(against ?? "the setting given") yet")
      return
    }
    page.printFitted("\nagainst \(against ?? "the setting given"), seed by seed")
    page.printTable(table, keys: table.header.firstIndex(of: "difference") ?? 1, indent: 0)
    page.printFitted("\ndifference  of the losses, median")
    if table.header.contains("95%") { page.printFitted("95%         interval of that median") }
    page.printFitted("Wilcoxon    p of the signed-rank test of the differences, adjusted by Holm")
    if pairs.contains(where: \.hasOtherLosses) {
      page.printFitted("-           losses of different kinds, which have no difference")
    }
    if hasCriterion {
      page.printFitted("here/there  solved here alone/there alone")
      page.printFitted("McNemar     p of the test of these two numbers, adjusted by Holm")
    }
    if let least = leastP(pairs) { page.printFitted(least) }
    let compared = pairs.count { !$0.differences.isEmpty }
    guard compared > 0 else { return }
    let needed = SignedRankTest.pairsNeeded(forP: 0.05 / Double(compared))
    page.printFitted(
      "To reach 0.05 after it, "
        + (compared == 1
          ? "one comparison needs" : "\(NumberText.count(compared)) comparisons need")
        + " \(needed) seeds.")
  }

  /// The least p that the pairs allow, whatever the runs do; nil without one.
  private func leastP(_ pairs: [SweepPair]) -> String? {
    let counts = Set(pairs.map(\.differences.count)).subtracting([0])
    guard let least = counts.min(), let most = counts.max() else { return nil }
    func p(_ count: Int) -> String { Self.p(SignedRankTest.leastP(count)) }
    let range =
      (least < most ? "\(NumberText.count(least)) to " : "")
      + NumberText.count(most, "pair")
    let bound =
      least < most ? "\(p(least)) with \(least) and \(p(most)) with \(most)," : p(most)
    return SignedRankTest.leastP(most) > 0.05
      ? "With \(range) no difference can be significant: p is at least \(bound) before the adjustment."
      : "With \(range) p is at least \(bound) before the adjustment."
  }

  /// - Parameter detail: 2 for all columns; 1 without the numbers of pairs where they are equal, which the
  ///   text below says; 0 without the interval.
  func table(of pairs: [SweepPair], _ names: SweepTableNames, _ detail: Int) -> TextTable {
    let hasInterval = detail > 0 && pairs.contains { $0.differenceInterval != nil }
    let hasCounts = detail != 1 || Set(pairs.map(\.seeds.count)).count > 1
    var table = TextTable(
      header: names.header + (hasCounts ? ["pairs"] : []) + ["difference"]
        + (hasInterval ? ["95%"] : []) + ["Wilcoxon"]
        + (hasCriterion ? ["here/there", "McNemar"] : []))
    for pair in pairs {
      var cells =
        names.cells(pair.setting) + (hasCounts ? ["\(pair.seeds.count)"] : [])
        + [pair.medianDifference.map(Self.difference) ?? "-"]
      if hasInterval {
        cells.append(
          pair.differenceInterval.map {
            "\(Self.difference($0.low)) to \(Self.difference($0.high))"
          } ?? "-")
      }
      cells.append(pair.differences.isEmpty ? "-" : Self.p(pair.adjustedRanksP))
      if hasCriterion {
        cells += [
          "\(pair.solved.onlyFirst)/\(pair.solved.onlySecond)",
          pair.seeds.isEmpty ? "-" : Self.p(pair.adjustedSolvedP),
        ]
      }
      table.append(cells)
    }
    return table
  }

  private static func difference(_ value: Double) -> String {
    value.isFinite
      ? (value > 0 ? "+" : "") + NumberText.significant(value) : value > 0 ? "+∞" : "−∞"
  }

  private static func p(_ p: Double) -> String { String(format: p < 0.001 ? "%.1e" : "%.3f", p) }
}
