import UnrollDenseMath

/// How long updates take. They are made, so the weights change.
extension Trainer {
  /// The median seconds of an update, over at least `least` of them and about `budget` seconds, after a
  /// warm-up of a fifth of it.
  ///
  /// - Throws: as ``step()``.
  package func medianSeconds(budget: Double, least: Int = 5) throws(TrainingError) -> Double {
    _ = try times(budget: budget / 5, least: 1)
    let times = try times(budget: budget, least: least).sorted()
    return times[times.count / 2]
  }

  /// The seconds of each of at least `least` ≥ 1 updates, for about `budget` seconds.
  func times(budget: Double, least: Int) throws(TrainingError) -> [Double] {
    let start = ContinuousClock.now
    var times: [Double] = []
    func isEnough(_ count: Int) -> Bool {
      count >= least && (ContinuousClock.now - start).seconds >= budget
    }
    repeat {
      // Ranks end together, once one of them has enough.
      shared.wantsToStop = isEnough(times.count + 1)
      let begin = ContinuousClock.now
      try step()
      times.append((ContinuousClock.now - begin).seconds)
    } while !(ranks.count > 1 ? shared.mustStop : isEnough(times.count))
    shared.wantsToStop = false
    return times
  }
}
