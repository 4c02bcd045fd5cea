import UnrollFigures
import UnrollFileFormats
import UnrollStudies

/// A measured quantity and how it is shown: its CSV tables, its figure, its part of `summary.json`
/// and, where it has one, its table in the terminal.
///
/// ``DecayReport`` measures its sections and writes and prints them; ``DecayReport/standardSections``
/// lists those of `unroll decay`. A new quantity is one file with a section, which says
///
/// 1. how it is measured: `measure(_:)` gives a list of entries for each model;
/// 2. the rows that an entry adds to the CSV tables;
/// 3. the objects that an entry adds to the summary;
/// 4. the figure of all entries.
///
/// The report writes the model's label, cell and seed into every row and object.
public protocol DecaySection: DecayQuantity {
  /// The CSV tables. A table is written where an entry has rows for it.
  var tables: [DecayTable<Entry>] { get }

  /// What an entry adds to the list that `summary.json` has under the section's name.
  func summary(of entry: Entry) -> [JSONObject]

  /// The figure; nil for a section without one. Drawn where there are entries.
  ///
  /// - Parameter shown: the entries of one model of each label, its first seed.
  func figure(of shown: [MeasuredEntry<Entry>], in report: DecayReport) -> (any Figure)?

  /// What the terminal shows; nil, the default, for nothing. Asked for where there are entries.
  ///
  /// - Parameters:
  ///   - shown: the entries of one model of each label, its first seed.
  ///   - unicode: whether characters beyond ASCII may be used.
  func printout(
    of shown: [MeasuredEntry<Entry>], in report: DecayReport, unicode: Bool
  ) -> DecayPrintout?

  /// What was found, a sentence each, which the terminal, `summary.json` and pages show; none by default.
  func findings(in report: DecayReport) -> [String]
}

extension DecaySection {
  /// The names of the files of ``tables``, without `.csv`.
  package var tableNames: [String] { tables.map(\.name) }

  public func printout(
    of shown: [MeasuredEntry<Entry>], in report: DecayReport, unicode: Bool
  ) -> DecayPrintout? { nil }

  public func findings(in report: DecayReport) -> [String] { [] }
}

/// An entry of a section and the model it was measured of.
public struct MeasuredEntry<Entry: Sendable>: Sendable {
  /// The model that was measured.
  public let model: MeasuredModel
  /// What was measured of it.
  public let entry: Entry

  /// The model's label.
  public var label: String { model.subject.label }
}
