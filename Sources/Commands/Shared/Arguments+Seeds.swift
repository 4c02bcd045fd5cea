import UnrollCommandLine

extension Arguments {
  /// The seeds of a command that makes runs of several, counted up from `--seed`.
  ///
  /// - Throws: `UsageError.rejected` where they pass the largest number.
  func seeds() throws -> Range<Int> {
    let (seed, count) = (self[.seed], self[.seeds])
    let (end, overflow) = seed.addingReportingOverflow(count)
    if overflow {
      throw rejection(
        of: .seed, accepted: "at most \(Int.max - count) where --seeds is \(count)")
    }
    return seed..<end
  }
}
