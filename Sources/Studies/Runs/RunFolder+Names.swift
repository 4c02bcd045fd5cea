import UnrollText

extension RunFolder {
  /// The file of arrays that `unroll decay --npz` writes. Others of that kind are data of people's own.
  package static let decayArrays = "decay.npz"

  /// The default folder of a run, `runs/<command>-<subject>`, to be numbered where it is taken.
  ///
  /// - Parameter subject: what the command works on, a task or a file's name; nil leaves it out. Characters
  ///   other than letters, digits, `.`, `_` and `-` become `-`.
  package static func defaultPath(command: String, subject: String?) -> String {
    "runs/" + (subject.map { "\(command)-\(plain($0))" } ?? command)
  }

  /// A file as a subject: its name without folder and extension.
  package static func subject(file path: String) -> String {
    let name = path.lastPathPart
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }

  /// `text` with what is awkward in a file name replaced, and no longer than 60 characters.
  private static func plain(_ text: String) -> String {
    let kept = text.prefix(60).map { character in
      let isPlain =
        character.isASCII
        && (character.isLetter || character.isNumber || "._-".contains(character))
      return isPlain ? character : "-"
    }
    return kept.isEmpty ? "unnamed" : String(kept)
  }
}
