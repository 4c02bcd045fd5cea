import UnrollFileFormats
import UnrollStudies

/// The tables of a sweep beside `runs.csv`.
public enum SweepTables {
  /// `groups.csv`: a row for each setting.
  public static func groups(_ groups: [SweepGroup], _ options: [String]) -> CSVWriter {
    var table = CSVWriter(columns: SweepGroup.columns(options))
    for group in groups { table.append(group.row) }
    return table
  }

  /// `pairs.csv`: a row for each setting beside the one that it is compared with.
  public static func pairs(_ pairs: [SweepPair], _ options: [String]) -> CSVWriter {
    var table = CSVWriter(columns: SweepPair.columns(options))
    for pair in pairs { table.append(pair.row) }
    return table
  }
}
