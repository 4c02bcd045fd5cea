import UnrollCommandLine
import UnrollOptimization
import UnrollText

extension InvalidSetting: WordedError {
  package var exitStatus: ExitStatus { .usage }

  package var message: String { "'\(value.shown)': must be \(accepted)" }
}
