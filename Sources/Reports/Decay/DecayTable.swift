import UnrollFileFormats
import UnrollStudies

/// A CSV table of a ``DecaySection``: its columns, and the rows that an entry adds.
///
/// Each row reads `label, cell, place…, seed, values…`. The place says which part of the model an
/// entry is of, for example `layer` and `path`, and is the same in all of its rows.
public struct DecayTable<Entry>: Sendable {
  /// The file's name without `.csv`.
  public let name: String
  private let placeColumns: [String]
  private let valueColumns: [String]
  private let place: @Sendable (Entry) -> [CSVField]
  private let rows: @Sendable (Entry) -> [[CSVField]]?

  /// - Parameters:
  ///   - name: the file's name without `.csv`: the section's, or another.
  ///   - placeColumns: the names of the place's columns.
  ///   - valueColumns: the names of the columns behind the seed.
  ///   - place: an entry's place, a field for each of its columns.
  ///   - rows: an entry's rows, each with a field for each value column; nil where the entry has
  ///     nothing for this table.
  public init(
    _ name: String, place placeColumns: [String] = [], values valueColumns: [String],
    place: @escaping @Sendable (Entry) -> [CSVField] = { _ in [] },
    rows: @escaping @Sendable (Entry) -> [[CSVField]]?
  ) {
    self.name = name
    self.placeColumns = placeColumns
    self.valueColumns = valueColumns
    self.place = place
    self.rows = rows
  }
}

extension DecayTable where Entry: Sendable {
  /// The table of all entries; nil where no entry has rows for it.
  func filled(
    with entries: [MeasuredEntry<Entry>], seed: (MeasuredModel) -> Int
  ) -> FieldTable? {
    var table = FieldTable(
      name, columns: ["label", "cell"] + placeColumns + ["seed"] + valueColumns)
    var isMeasured = false
    for measured in entries {
      guard let rows = rows(measured.entry) else { continue }
      isMeasured = true
      let names = measured.model.names + place(measured.entry)
      for row in rows { table.append(names + [.integer(seed(measured.model))] + row) }
    }
    return isMeasured ? table : nil
  }
}
