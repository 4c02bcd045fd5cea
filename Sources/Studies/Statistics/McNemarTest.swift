/// McNemar's exact test of paired outcomes (McNemar 1947, *Note on the sampling error of the
/// difference between correlated proportions or percentages*): whether one setting succeeds more often
/// than another. Of the pairs in which only one of the two succeeded, it asks how likely it is that as
/// few or fewer fell to either side by a fair coin.
public struct McNemarTest: Equatable, Sendable {
  /// The pairs in which the first alone succeeded, and in which the second alone did.
  public let onlyFirst, onlySecond: Int
  /// The two-sided p-value; 1 where no pair differs.
  public let p: Double

  /// The test of those counts.
  public init(onlyFirst: Int, onlySecond: Int) {
    self.onlyFirst = onlyFirst
    self.onlySecond = onlySecond
    let tails = BinomialTails(trials: onlyFirst + onlySecond)
    p = min(1, 2 * tails.atMost(min(onlyFirst, onlySecond)))
  }
}
