extension EarlierComparisonError: WordedError {
  var exitStatus: ExitStatus { .usage }

  var message: String {
    switch self {
    case .otherSetting(let path, let option, let saved, let given):
      "\(option)\(given.map { " \(ErrorMessage.shown($0))" } ?? " left out"): \(path.escaped) has "
        + "\(saved.map(ErrorMessage.shown) ?? "none"); a comparison goes on under its own "
        + "settings, or with another --out"
    }
  }
}
