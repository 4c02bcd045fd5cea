import UnrollCommandLine
import UnrollFigures
import UnrollGradientFlow
import UnrollOptimization
import UnrollText

/// Runs `unroll clip --surface`: the error of one recurrent unit over its two parameters, and where
/// gradient descent goes on it under each clipping rule.
struct SurfaceSession {
  /// The options that belong to it; every other excludes `--surface`.
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
      arguments,
      workedOut: [
        "thresholds": .string(rules), "learning-rate": .number(settings.rate),
        "steps": .integer(settings.updates),
        "start": .string(settings.start.description),
      ])
    let report = SurfaceReport(settings)
    try report.surfaceTable.write(to: output.path("surface.csv"))
    try report.pathTable.write(to: output.path("path.csv"))
    try output.draw(report.figure, name: "clip-surface", formats: FigureFormat.allCases)
    report.print(on: terminal, folder: output.folder)
    try output.writeSummary(report.json)
    return .done
  }
}

/// What `--surface` shows: the rules compared, and how descent goes.
struct SurfaceSettings {
  let rules: [Clipping]
  let start: SurfacePlace
  let rate: Double
  let updates: Int

  /// A comparison's own defaults of `--steps` and `--learning-rate` are for training, so these have
  /// others here: with them descent without clipping is thrown off the wall at its first touch, and
  /// clipped descent has the time to come to rest.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: Arguments) throws {
    rate = arguments.wasGiven(.learningRate) ? arguments[.learningRate] : 0.08
    let given = arguments.wasGiven(.steps) ? arguments[.steps] : 500
    guard given <= 100_000 else {
      throw arguments.rejection(
        of: .steps, accepted: "a whole number from 0 to 100000 with --surface")
    }
    updates = given
    start = arguments[optional: .start] ?? SurfacePlace(weight: 4.9, bias: -2.3)
    let rule: Clipping? = arguments[optional: .clip]
    let list: [ClipThreshold]? = arguments[optional: .thresholds]
    if rule != nil, list != nil { throw UsageError.conflict("clip", "thresholds") }
    var rules: [Clipping] = []
    for threshold in list ?? [.rule(.none), .rule(rule ?? .norm(1))] {
      guard let rule = Self.rule(threshold) else {
        throw arguments.rejection(
          of: list == nil ? "clip" : "thresholds",
          accepted: "none, norm:τ or value:τ with --surface (a bare number is norm:)")
      }
      if !rules.contains(rule) { rules.append(rule) }
    }
    self.rules = rules
  }

  /// The rule, where it can act on two numbers without a past or layers.
  private static func rule(_ threshold: ClipThreshold) -> Clipping? {
    guard case .rule(let rule) = threshold else { return nil }
    return switch rule {
    case .none, .norm, .value: rule
    default: nil
    }
  }
}

/// A place in the plane of w and b, written `w,b`.
struct SurfacePlace: Sendable, Equatable, CustomStringConvertible {
  static let accepted = "two numbers from -100 to 100 with a comma between: w,b"

  let weight: Double
  let bias: Double

  init(weight: Double, bias: Double) {
    self.weight = weight
    self.bias = bias
  }

  /// Nil for any other text.
  init?(_ text: String) {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard numbers.count == 2, let weight = numbers[0], let bias = numbers[1],
      abs(weight) <= 100, abs(bias) <= 100
    else { return nil }
    self.init(weight: weight, bias: bias)
  }

  var description: String { "\(weight.plainText),\(bias.plainText)" }
}
