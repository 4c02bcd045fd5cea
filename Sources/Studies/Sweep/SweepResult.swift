import Foundation
import UnrollDenseMath
import UnrollFileFormats

/// The result of a run of a sweep: a row of `runs.csv`.
public struct SweepResult: Equatable, Sendable {
  /// The run's ``SweepRun/id``.
  public let id: String
  /// What the run shares with those of other seeds.
  public let setting: SweepSetting
  /// The run's seed.
  public let seed: Int
  /// How the run went.
  public let run: RunMeasures
  /// Under what it was computed.
  public let origin: ResultOrigin
  /// On which CPU; empty where it does not give its name.
  public let cpu: String
  /// When it ended, in Coordinated Universal Time: `2026-11-27T11:30:46Z`.
  public let finished: String

  /// The result of `run`, on the CPU of that name and now.
  public init(
    _ run: SweepRun, _ measures: RunMeasures, origin: ResultOrigin,
    cpu: String = CPUFeatures.name
  ) {
    self.init(
      id: run.id, setting: run.setting, seed: run.seed, run: measures, origin: origin,
      cpu: cpu, finished: Date.now.formatted(.iso8601))
  }

  private init(
    id: String, setting: SweepSetting, seed: Int, run: RunMeasures, origin: ResultOrigin,
    cpu: String, finished: String
  ) {
    (self.id, self.setting, self.seed, self.run) = (id, setting, seed, run)
    (self.origin, self.cpu, self.finished) = (origin, cpu, finished)
  }

  /// The loss that settings are compared by: of the weights at the end on the test data, without them
  /// on the validation data, and without those on the training data.
  public var comparedLoss: Double { run.testLoss ?? run.finalLoss }

  /// The data that ``comparedLoss`` is of: `test`, `validation`, `training`.
  public var comparedData: String {
    run.testLoss != nil ? "test" : run.isValidation ? "validation" : "training"
  }

  // MARK: Rows of runs.csv

  /// The columns of `runs.csv` for the options that are varied.
  public static func columns(_ options: [String]) -> [String] {
    ["run"] + options + ["seed", "outcome"] + RunMeasure.all.map(\.name)
      + ["seconds", "version", "kernels", "cpu", "data_hash", "finished"]
      + RunMeasure.ofTraining.map(\.name)
  }

  /// The columns that do not depend on the run's settings: they differ where a run is made again.
  public static let columnsOfTime: Set<String> = ["seconds", "cpu", "finished"]

  /// The run as a row of ``columns(_:)``.
  package var row: [CSVField] {
    let names = [.text(id)] + setting.values.map { CSVField.text($0) }
    let end: [CSVField] = [.integer(seed), .text(run.outcome.rawValue)]
    let circumstances: [CSVField] = [
      .number(run.seconds), .text(origin.version), .text(origin.kernels), .text(cpu),
      CSVField(origin.dataHash), .text(finished),
    ]
    return names + end + RunMeasure.all.map { $0.field(run) } + circumstances
      + RunMeasure.ofTraining.map { $0.field(run) }
  }

  /// The run that a row of ``columns(_:)`` holds; nil where the row cannot be read.
  ///
  /// - Parameter options: how many options are varied.
  package init?(row: [String], options: Int) {
    let columns = Self.columns([])
    guard row.count == columns.count + options else { return nil }
    let fields = Dictionary(
      zip(columns, row[...0] + row.dropFirst(1 + options)), uniquingKeysWith: { first, _ in first })
    func text(_ column: String) -> String { fields[column] ?? "" }
    // A field that is neither blank nor a number makes the row unreadable.
    var isReadable = true
    func number(_ column: String) -> Double? {
      let value = CSVNumber.written(text(column))
      if value == nil, !text(column).isEmpty { isReadable = false }
      return value
    }
    func integer(_ column: String) -> Int? {
      let value = Int(text(column)).flatMap { (0...1_000_000_000).contains($0) ? $0 : nil }
      if value == nil, !text(column).isEmpty { isReadable = false }
      return value
    }
    let isValidation = !text("validation_loss").isEmpty
    let lossName = isValidation ? "validation_loss" : "training_loss"
    guard !text("run").isEmpty, let seed = Int(text("seed")), seed >= 0,
      let outcome = RunVerdict(rawValue: text("outcome")), let updates = integer("updates"),
      let finalLoss = number(lossName), let maxNorm = number("max_norm"),
      let seconds = number("seconds"),
      let origin = ResultOrigin(fields: ResultOrigin.columns.map(text))
    else { return nil }
    let measures = RunMeasures(
      outcome: outcome, updates: updates, updatesToSolve: integer("updates_to_solve"),
      finalLoss: finalLoss, isValidation: isValidation, bestLoss: number("best_\(lossName)"),
      testLoss: number("test_loss"), bestTestLoss: number("best_test_loss"),
      clippedFraction: number("clipped_fraction"), meanNorm: number("mean_norm"),
      maxNorm: maxNorm, effectiveStep: number("effective_step"), clipAngle: number("clip_angle"),
      seconds: seconds)
    // A run solved the task exactly where it has a number of updates, and a test is of both weights.
    guard isReadable, (outcome == .solved) == (measures.updatesToSolve != nil),
      measures.testLoss != nil || measures.bestTestLoss == nil
    else { return nil }
    self.init(
      id: text("run"), setting: SweepSetting(Array(row[1...].prefix(options))), seed: seed,
      run: measures, origin: origin, cpu: text("cpu"), finished: text("finished"))
  }
}
