import UnrollCommandLine
import UnrollFileFormats

extension Arguments {
  /// The seeds of a command that makes runs of several, counted up from `--seed`.
  ///
  /// - Throws: `UsageError.rejected` where they pass the largest number.
  func seeds() throws -> Range<Int> {
    let (seed, count) = (self[.seed], self[.seeds])
    guard let seeds = Range(seed: seed, count: count) else {
      throw rejection(
        of: .seed, accepted: "at most \(Int.max - count) where --seeds is \(count)")
    }
    return seeds
  }
}

extension Range<Int> {
  /// `count` seeds from `seed` on; nil where they pass the largest number.
  fileprivate init?(seed: Int, count: Int) {
    let (end, overflow) = seed.addingReportingOverflow(count)
    if overflow { return nil }
    self = seed..<end
  }

  /// The seeds in the options of a `config.json`; nil where it has none that could be.
  init?(seedsIn options: JSONObject) {
    guard let seed = options["seed"]?.int, let count = options["seeds"]?.int, seed >= 0, count > 0
    else { return nil }
    self.init(seed: seed, count: count)
  }

  /// All from the first of both to the last.
  func joined(_ other: Range<Int>) -> Range<Int> {
    Swift.min(lowerBound, other.lowerBound)..<Swift.max(upperBound, other.upperBound)
  }
}
