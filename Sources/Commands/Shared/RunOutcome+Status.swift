import UnrollCommandLine
import UnrollReports

extension RunOutcome {
  /// The exit status of a command that ended so.
  var status: ExitStatus {
    switch self {
    case .finished: .done
    case .interrupted: .interrupted
    case .nonFinite: .nonFinite
    }
  }
}
