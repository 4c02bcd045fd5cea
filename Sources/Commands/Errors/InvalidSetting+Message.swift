import UnrollCommandLine
import UnrollOptimization

extension InvalidSetting: WordedError {
  package var exitStatus: ExitStatus { .usage }
}
