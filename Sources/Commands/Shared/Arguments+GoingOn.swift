import UnrollCommandLine
import UnrollText

extension Arguments {
  /// Options that are not recorded and say nothing to a call that goes on: what that call shows, where its
  /// files are, and the one rule of clip, which is recorded as a threshold.
  static let ofOneCall: Set<String> = ["config", "out", "json", "quiet", "clip"]

  /// The command line that goes on with the comparison in `folder`: its `config.json` has the options but
  /// those that are of a part of the runs.
  func commandGoingOn(in folder: String) -> String {
    var words = [
      "unroll", commandName, "--config", "\(folder)/config.json".shellWord, "--out",
      folder.shellWord,
    ]
    for spec in specs
    where !spec.isRecorded && !Self.ofOneCall.contains(spec.name) && wasTyped(spec.name) {
      words.append("--\(spec.name)")
      if case .flag = spec.kind { continue }
      words.append(text(of: spec.name).shellWord)
    }
    return words.joined(separator: " ")
  }
}
