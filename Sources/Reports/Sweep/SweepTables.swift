import UnrollFileFormats
import UnrollStudies

/// The tables of a sweep beside `runs.csv`.
public enum SweepTables {
  /// `groups.csv`: a row for each setting.
  ///
  /// - Parameter hasCriterion: whether a task can be solved; without it what is said of that is blank.
  public static func groups(
    _ groups: [SweepGroup], _ options: [String], hasCriterion: Bool = true
  ) -> CSVWriter {
    var table = CSVWriter(columns: SweepGroup.columns(options))
    for group in groups { table.append(group.row(hasCriterion: hasCriterion)) }
    return table
  }

  /// `pairs.csv`: a row for each setting beside the one that it is compared with.
  public static func pairs(
    _ pairs: [SweepPair], _ options: [String], hasCriterion: Bool = true
  ) -> CSVWriter {
    var table = CSVWriter(columns: SweepPair.columns(options))
    for pair in pairs { table.append(pair.row(hasCriterion: hasCriterion)) }
    return table
  }
}
