import UnrollFileFormats
import UnrollText

/// The arrays that files of sequences may have, by their names.
enum SequenceTensors {
  static let names =
    ["x", "y", "lengths", "classes"] + GradientSequences.names + GradientSequences.stateNames
    + [ExpectedOutputs.name]

  /// The names that are read of a file with these: initial states only where rows have gradients.
  private static func names(readBeside present: [String]) -> [String] {
    GradientSequences.names.contains(where: present.contains)
      ? names : names.filter { !GradientSequences.stateNames.contains($0) }
  }

  /// The arrays of a file that no command reads, a line for each that has probably a wrong name and one for
  /// the others: what a file says of its sequences is not to be passed over in silence.
  ///
  /// - Parameter file: opened, with its targets.
  static func notices(of file: ArrayFile) -> [String] {
    [file, file.targetsFile].compactMap(\.self).flatMap {
      notices(in: $0.path, $0.ownNames, present: file.names)
    }
  }

  private static func notices(
    in path: String, _ names: [String], present: [String]
  ) -> [String] {
    let read = Self.names(readBeside: present)
    let free = read.filter { !present.contains($0) }
    let unread = names.filter { !read.contains($0) }
    let states = unread.filter(GradientSequences.stateNames.contains)
    var (notices, others): ([String], [String]) = ([], [])
    for name in unread where !states.contains(name) {
      if let meant = nearest(to: name, among: free) {
        notices.append(
          "\(path.escaped): \(name.quoted) is not read; did you mean \(meant.quoted)?")
      } else {
        others.append(name)
      }
    }
    func isNotRead(_ names: [String]) -> String {
      "\(path.escaped): \(names.quotedList) \(names.count == 1 ? "is" : "are") not read; "
    }
    if !states.isEmpty {
      notices.append(
        isNotRead(states) + "initial states are read beside the gradients "
          + GradientSequences.names.listed("or"))
    }
    if !others.isEmpty {
      notices.append(
        isNotRead(others) + "the arrays that are: \(read.joined(separator: ", "))")
    }
    return notices
  }

  /// The whole name's nearest, or that of one of its words: `lengths` for `seq_lengths`.
  private static func nearest(to name: String, among names: [String]) -> String? {
    NearestName.of(name, among: names)
      ?? name.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).lazy
      .compactMap { word in word.count > 1 ? NearestName.of(String(word), among: names) : nil }
      .first
  }
}
