/// How the program ends, as its exit status tells the shell.
package enum ExitStatus: Int32, CaseIterable, Sendable {
  case done = 0
  /// It could not be done: a file, a library, the disk, a failed check.
  case failed = 1
  /// The command line asked for something that is not accepted.
  case usage = 2
  /// Training became non-finite.
  case nonFinite = 3
  /// Interrupted, after saving.
  case interrupted = 130

  /// In words: `0 done`.
  package var meaning: String {
    switch self {
    case .done: "done"
    case .failed: "could not be done"
    case .usage: "wrong usage"
    case .nonFinite: "training became non-finite"
    case .interrupted: "interrupted, after saving"
    }
  }
}
