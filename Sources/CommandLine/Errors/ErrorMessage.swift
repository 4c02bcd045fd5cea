import UnrollText

/// An error with words of the program's own, and an exit status.
///
/// Other errors are shown in the words of their `description`, with status 1.
package protocol WordedError: Error {
  /// What was wrong with the value given, what is accepted, and where, in one line.
  var message: String { get }
  var exitStatus: ExitStatus { get }
}

extension WordedError {
  package var message: String { String(describing: self) }
  package var exitStatus: ExitStatus { .failed }
}

/// Words any error.
package enum ErrorMessage {
  /// One line for `error`, whatever it holds.
  package static func text(for error: any Error) -> String {
    let message = (error as? any WordedError)?.message ?? String(describing: error)
    return message.oneLine(limit: 600)
  }

  package static func exitStatus(for error: any Error) -> ExitStatus {
    (error as? any WordedError)?.exitStatus ?? .failed
  }

}
