import UnrollFileFormats
import UnrollText

/// The arrays that files of sequences may have, by their names.
enum SequenceTensors {
  static let names = ["x", "y", "lengths"] + GradientSequences.names + [ExpectedOutputs.name]

  /// The arrays of a file that no command reads, a line for each that has probably a wrong name and one for
  /// the others: what a file says of its sequences is not to be passed over in silence.
  ///
  /// - Parameters:
  ///   - file: opened, with its targets.
  ///   - path: of the file.
  ///   - targets: of the file of targets, where they are in one of their own.
  static func notices(of file: ArrayFile, path: String, targets: String? = nil) -> [String] {
    let second = targets.flatMap { path in (try? ArrayFile(path: path)).map { (path, $0.names) } }
    let present = file.names + (second?.1 ?? [])
    return notices(in: path, file.names, present: present)
      + (second.map { notices(in: $0.0, $0.1, present: present) } ?? [])
  }

  private static func notices(
    in path: String, _ names: [String], present: [String]
  ) -> [String] {
    let free = Self.names.filter { !present.contains($0) }
    var (notices, others): ([String], [String]) = ([], [])
    for name in names where !Self.names.contains(name) {
      if let meant = nearest(to: name, among: free) {
        notices.append(
          "\(path.escaped): \(name.quoted) is not read; did you mean \(meant.quoted)?")
      } else {
        others.append(name)
      }
    }
    if !others.isEmpty {
      notices.append(
        "\(path.escaped): \(others.quotedList) \(others.count == 1 ? "is" : "are") not read; the arrays "
          + "that are: \(Self.names.joined(separator: ", "))")
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
