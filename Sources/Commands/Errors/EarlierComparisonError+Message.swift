import UnrollCommandLine
import UnrollText

extension EarlierComparisonError: WordedError {
  package var exitStatus: ExitStatus { .usage }

  package var message: String {
    switch self {
    case .otherSetting(let path, let option, let saved, let given):
      "\(option)\(given.map { " \($0.shown)" } ?? " left out"): \(path.escaped) has "
        + "\(saved.map(\.shown) ?? "none"); a comparison goes on under its own "
        + "settings, or with another --out"
    }
  }
}
