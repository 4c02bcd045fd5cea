import UnrollOptimization

extension InvalidSetting: WordedError {
  var exitStatus: ExitStatus { .usage }

  var message: String { "'\(ErrorMessage.shown(value))': must be \(accepted)" }
}
