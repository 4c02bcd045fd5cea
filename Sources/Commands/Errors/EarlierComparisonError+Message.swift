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
    case .otherData(let change):
      "\(change); a comparison goes on with its own data: restore the file, name it with "
        + "--\(change.recorded.option), or take another --out"
    case .otherMachinery(let path, let what, let saved, let present, let kernels):
      "\(path.escaped): \(what) is \(saved.quoted), and \(present.quoted) here; a comparison goes on "
        + "only under the same: "
        + (what == "version"
          ? "take another --out" : "give --kernels \(kernels), or take another --out")
    }
  }
}
