import UnrollCommandLine
import UnrollFigures
import UnrollReports
import UnrollStudies

/// Runs `unroll clip --surface`: writes the files of a `SurfaceReport`.
struct SurfaceSession {
  /// The options that may be given with `--surface`.
  private static let own: Set<String> = [
    "surface", "start", "learning-rate", "steps", "thresholds", "clip", "config", "out", "json",
    "quiet",
  ]

  private let arguments: Arguments
  private let terminal: Terminal
  private let settings: SurfaceSettings
  private let output: RunOutput

  /// - Throws: `UsageError`; `FileError` when the folder cannot be made.
  init(_ arguments: Arguments, terminal: Terminal) throws {
    self.arguments = arguments
    self.terminal = terminal
    for spec in arguments.specs where arguments.wasTyped(spec.name) && !Self.own.contains(spec.name)
    {
      throw spec.isArgument
        ? arguments.rejection(of: spec.name, accepted: "left out with --surface")
        : UsageError.conflict("surface", spec.name)
    }
    settings = try SurfaceSettings(arguments)
    output = try RunOutput(arguments, subject: "surface", terminal: terminal)
  }

  func run() throws -> ExitStatus {
    let rules = settings.rules.map(\.description).joined(separator: ",")
    try output.writeConfig(
      arguments.keeping(Self.own),
      workedOut: [
        "thresholds": .string(rules), "learning-rate": .number(settings.rate),
        "steps": .integer(settings.updates),
        "start": .string(settings.start.description),
      ])
    let report = SurfaceReport(settings)
    try report.surfaceTable.write(to: output.path("surface.csv"))
    try report.pathTable.write(to: output.path("path.csv"))
    output.draw(report.figure, name: "clip-surface", formats: FigureFormat.allCases)
    report.print(on: terminal, folder: output.folder)
    try output.writeSummary(report.json)
    return .done
  }
}
