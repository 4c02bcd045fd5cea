import UnrollStudies
import UnrollText

/// How the data were read, in words.
extension DecayPlan {
  /// What could be meant otherwise: a warning each.
  ///
  /// - Parameter isVerified: whether outputs agree with the model's own.
  static func readings(of data: DecayData, isVerified: Bool) -> [String] {
    guard case .file(let path) = data.source else { return [] }
    let steps = data.shape.timeSteps
    var readings: [String] = []
    if data.isSquare, !isVerified {
      readings.append(
        "\(path.escaped): T and B are both \(steps); 'x' is read as [T, B, I], with time first; with "
          + "batch_first=True, save x.transpose(0, 1).contiguous()")
    }
    if data.mayLackLengths, let early = earlyEnds(of: data) {
      readings.append("\(early); 'lengths' says where rows end")
    }
    return readings
  }

  /// What else there is to know of the data.
  static func notes(on data: DecayData) -> [String] {
    var notes: [String] = []
    if !data.mayLackLengths, let early = earlyEnds(of: data) { notes.append(early) }
    if data.lacksLastEntry {
      notes.append(
        "no gradient enters at a row's last step, so that there is no curve of what enters last")
    }
    return notes
  }

  /// That the gradient of rows ends before they do; nil where it does not.
  private static func earlyEnds(of data: DecayData) -> String? {
    guard case .file(let path) = data.source, data.rowsEndingEarly > 0 else { return nil }
    return
      "\(path.escaped): the gradient of \(data.rowsEndingEarly) of \(NumberText.count(data.shape.rows, "row")) ends before their "
      + "last step, where lag 0 is all the same"
  }
}
