import Foundation
import UnrollTraining

/// Rank 0's side of a sweep that several ranks share: deals runs to the others as they become free.
///
/// It runs on the thread that alone may use the ranks, beside the threads that make rank 0's own runs. It
/// looks for messages several thousand times a second and sleeps in between.
final class SweepDealer {
  /// What a study offers its dealer.
  struct Work {
    /// Takes the next run, as the message that asks for it; nil where none is left or all must stop.
    let take: () -> SweepMessage?
    /// Whether there is no run left to take.
    let isDealt: () -> Bool
    let mustStop: () -> Bool
    /// Called with what the others say of their runs.
    let hear: (SweepMessage) -> Void
  }

  private let ranks: Ranks
  /// Ranks that want a run, in the order in which they asked.
  private var waiting: [Int] = []
  /// Runs that others are making.
  private var underWay = 0
  private var hasToldToStop = false
  private var partings = 0

  init(_ ranks: Ranks) { self.ranks = ranks }

  /// Deals until no run is left and those of the other ranks have ended.
  func deal(_ work: Work) throws {
    while true {
      var isIdle = try !listen(work.hear)
      if work.mustStop(), !hasToldToStop {
        hasToldToStop = true
        for rank in 1..<ranks.count { try ranks.send(SweepMessage.stop, to: rank) }
      }
      while let rank = waiting.first, let run = work.take() {
        waiting.removeFirst()
        underWay += 1
        try ranks.send(run, to: rank)
        isIdle = false
      }
      if underWay == 0, work.isDealt() || work.mustStop() { return }
      if isIdle { Self.rest() }
    }
  }

  /// Lets the other ranks go.
  func end() throws {
    for rank in 1..<ranks.count { try ranks.send(SweepMessage.end, to: rank) }
    while partings < ranks.count - 1 {
      if try !listen({ _ in }) { Self.rest() }
    }
  }

  /// Takes the messages that have come.
  ///
  /// - Returns: whether there was one.
  private func listen(_ hear: (SweepMessage) -> Void) throws -> Bool {
    var hasHeard = false
    while let (rank, message) = try ranks.receive(SweepMessage.self) {
      hasHeard = true
      switch message {
      case .wantsRun: waiting.append(rank)
      case .measured, .trained, .gaveUp: underWay -= 1
      case .goodbye: partings += 1
      default: break
      }
      hear(message)
    }
    return hasHeard
  }

  static func rest() { Thread.sleep(forTimeInterval: 0.0003) }
}
