import UnrollFileFormats
import UnrollStudies
import UnrollText

extension DecayReport {
  /// The sections of `unroll decay`, in the order of `summary.json`. A new one takes a row here.
  public static let standardSections: [any DecaySection] = [
    ContributionsSection(),
    GatesSection(),
    FormatsSection(),
    TruncationSection(),
    ExponentsSection(),
    RemediesSection(),
  ]

  /// Names that a section cannot have, because files or keys of the report have them.
  private static let takenNames = [
    "decay", "decay-seeds", "curves", "runs", "config", "summary", "outcome", "folder", "loss",
    "loss_name", "loss_at", "gradients", "outputs_difference", "findings",
  ]

  static func check(_ sections: [any DecaySection]) {
    var names: [String] = takenNames
    for section in sections {
      require(
        !names.contains(section.name),
        "expected sections of different names other than \(takenNames), got \(section.name)")
      names.append(section.name)
    }
  }

  /// What was measured for a section, model by model.
  public func entries<Section: DecaySection>(
    of section: Section
  ) -> [MeasuredEntry<Section.Entry>] {
    entries(of: section, models)
  }

  /// What was measured for a section of the models that figures and printed tables show: of each
  /// label, the first seed's.
  public func shownEntries<Section: DecaySection>(
    of section: Section
  ) -> [MeasuredEntry<Section.Entry>] {
    entries(of: section, groups.map { $0.models[0] })
  }

  private func entries<Section: DecaySection>(
    of section: Section, _ models: [MeasuredModel]
  ) -> [MeasuredEntry<Section.Entry>] {
    models.flatMap { model in
      model.entries(of: section).map { MeasuredEntry(model: model, entry: $0) }
    }
  }

  /// What all sections have found, a sentence each.
  public var findings: [String] { sections.flatMap { $0.findings(in: self) } }

  /// Every table that has rows: the curves', and those of the sections.
  var tables: [FieldTable] {
    [curvesTable, seedsTable].compactMap(\.self) + sections.flatMap { tables(of: $0) }
  }

  private func tables(of section: some DecaySection) -> [FieldTable] {
    let entries = entries(of: section)
    return section.tables.compactMap { $0.filled(with: entries, seed: seed) }
  }

  /// A section's part of `summary.json`.
  func summary(of section: some DecaySection) -> JSONValue {
    .array(
      entries(of: section).flatMap { measured -> [JSONValue] in
        let names: JSONObject = [
          "label": .string(measured.label),
          "cell": .string(measured.model.subject.specification.kind.name),
          "seed": .integer(seed(of: measured.model)),
        ]
        return section.summary(of: measured.entry).map { JSONValue.object(names + $0) }
      })
  }
}
