import UnrollCommandLine
import UnrollDenseMath
import UnrollStudies
import UnrollText
import UnrollTraining

extension Ranks {
  /// The processes that the present command works with.
  @TaskLocal static var present = Ranks.single
  /// What they have found to be the number of threads for each of them; nil for one that is alone.
  @TaskLocal private static var threads: Int?

  /// The threads of a process that was not told how many: on cores that ranks share, its part of them.
  static var defaultThreads: Int { threads ?? Workers.availableCores }

  /// Runs `body` with this as the ranks that are present. All ranks call this.
  fileprivate func whilePresent<Result>(_ body: () throws -> Result) throws -> Result {
    try Self.$threads.withValue(threadsForEach()) {
      try Self.$present.withValue(self, operation: body)
    }
  }

  /// Runs `body` on every rank and waits for all. Where it fails on some, it fails on all, with the
  /// exit status of the first.
  ///
  /// - Throws: What `body` throws, for a rank that is alone; otherwise `AgreedFailure`.
  func agree<Result>(_ body: () throws -> Result) throws -> Result {
    try agree(code: { ErrorMessage.exitStatus(for: $0).rawValue }, body)
  }
}

extension Program {
  /// Runs the program on one of `ranks`, which all call this. Rank 0 prints. What goes wrong is said in
  /// one line by the rank where it did, and ends all of them.
  package func run(
    _ words: [String], on terminal: Terminal, ranks: Ranks
  ) -> ExitStatus {
    guard ranks.count > 1 else { return run(words, on: terminal) }
    let own = ranks.isFirst ? terminal : .silent
    var agreements = 0
    do {
      do {
        try ranks.requireSame(Self.facts(words))
        agreements = ranks.agreements
        let status = try ranks.whilePresent { try dispatch(words, on: own, ranks) }
        ranks.finish()
        return end(status, on: own)
      } catch let failure as AgreedFailure {
        throw failure
      } catch  where ranks.agreements == agreements {
        // Before the ranks' first meeting: the others come to it as well.
        return try ranks.agree { throw error }
      }
    } catch let failure as AgreedFailure {
      own.clearLive()
      if let error = failure.own { Self.say(error, on: terminal, ranks) }
      ranks.finish()
      return ExitStatus(rawValue: failure.code) ?? .failed
    } catch {
      own.clearLive()
      Self.say(error, on: terminal, ranks)
      ranks.abort(status: ErrorMessage.exitStatus(for: error).rawValue)
    }
  }

  private static func say(_ error: any Error, on terminal: Terminal, _ ranks: Ranks) {
    let text = ErrorMessage.text(for: error)
    terminal.error(ranks.isFirst || error is RanksError ? text : "rank \(ranks.number): \(text)")
  }

  /// What has to be the same on all ranks, so that they do the same.
  private static func facts(_ words: [String]) -> [(what: String, value: String)] {
    let machinery = Machinery.present
    return [
      ("version", machinery.version), ("the command line", words.joined(separator: " ")),
      ("kernels", machinery.kernels),
    ]
  }

  /// Runs the command that `words` name: on every rank where they share its work, otherwise on the first
  /// while the others wait.
  private func dispatch(
    _ words: [String], on terminal: Terminal, _ ranks: Ranks
  ) throws -> ExitStatus {
    let command = words.first.flatMap { try? table.command(named: $0) }
    if let command, command.sharesWork { return try dispatch(words, on: terminal) }
    return try ranks.agree {
      guard ranks.isFirst else { return .done }
      if let command {
        terminal.warn("\(command.name) uses one of the \(ranks.count) processes")
      }
      return try dispatch(words, on: terminal)
    }
  }
}

extension RanksError: WordedError {
  package var message: String { description }
}
