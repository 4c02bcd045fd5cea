/// An error that has words for people, and an exit status.
///
/// Errors of other modules are worded here in UnrollCommands, one file an error type:
/// `extension SomeError: WordedError` in `SomeError+Message.swift`.
protocol WordedError: Error {
  /// What was wrong with the value given, what is accepted, and where, in one line.
  var message: String { get }
  var exitStatus: ExitStatus { get }
}

extension WordedError {
  var exitStatus: ExitStatus { .failed }
}

/// Words any error.
enum ErrorMessage {
  /// One line for `error`, whatever it holds.
  static func text(for error: any Error) -> String {
    let message = (error as? any WordedError)?.message ?? String(describing: error)
    return oneLine(message, limit: 600)
  }

  static func exitStatus(for error: any Error) -> ExitStatus {
    (error as? any WordedError)?.exitStatus ?? .failed
  }

  /// A value as given, fit to stand in a message.
  static func shown(_ value: String) -> String {
    value.isEmpty ? "''" : oneLine(value, limit: 80)
  }

  /// `text` without line breaks and other control characters, cut after `limit` characters.
  static func oneLine(_ text: String, limit: Int) -> String {
    var line = ""
    for scalar in text.unicodeScalars.prefix(limit) {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .format:
        line += scalar.escaped(asASCII: true)
      default:
        line.unicodeScalars.append(scalar)
      }
    }
    let isCut = text.unicodeScalars.dropFirst(limit).first != nil
    return isCut ? line + "…" : line
  }
}
