import UnrollCommandLine
import UnrollFileFormats
import UnrollOptimization
import UnrollStudies
import UnrollText

/// Makes the runs of a setting of a sweep: each is a command line of `train`.
struct SettingRuns {
  private let setting: SweepSetting
  /// The command line of `train` for the first seed.
  private let training: Arguments
  private let threshold: ClipThreshold
  /// All that the runs' numbers depend on but their seed and the kernels, for runs and for passes without
  /// clipping.
  private let (digest, passDigest): (String, String)
  /// The same for what a training plan does not hold, or not in a form that can be compared.
  private let dataDigest: String
  /// What the results are computed from.
  let origin: ResultOrigin

  /// - Parameter arguments: the sweep's command line.
  /// - Throws: `UsageError`.
  init(_ setting: SweepSetting, of grid: SweepGrid, _ arguments: Arguments) throws {
    self.setting = setting
    (training, threshold) = try Self.training(setting, grid, arguments)
    let files = training.inputFiles()
    origin = ResultOrigin(data: files)
    var settings = JSONObject()
    for spec in training.specs
    where spec.isRecorded && !Self.unnamed.contains(spec.name)
      && training.filePath(of: spec.name) == nil
    {
      guard let value = training.entries[spec.name]?.value else { continue }
      settings[spec.name] = .string(value.canonicalText(for: spec))
    }
    for file in files { settings["data " + file.option] = .string(file.fingerprint.sha256) }
    settings["clip"] = .string(threshold.description)
    if threshold.needsMeanNorm { settings["norm-steps"] = .integer(arguments[.normSteps]) }
    digest = Self.digest(settings)
    dataDigest = Self.digest(settings.filter { !Self.planned.contains($0.key) })
    settings["clip"] = "none"
    settings["norm-steps"] = .integer(arguments[.normSteps])
    passDigest = Self.digest(settings)
  }

  /// Options of `train` that a run's name does not depend on: the seed comes by itself, and the others change
  /// no number, but for the kernels, on which last digits depend.
  private static let unnamed: Set<String> = [
    "seed", "threads", "recompute", "kernels", "tensorboard", "checkpoint-every",
    "keep-checkpoints",
  ]

  /// Options whose values are in a training plan. A threshold is not: it may be a multiple of a mean norm.
  private static let planned = Set(OptionTable.trainingRows.map(\.name)).union([
    "cell", "activation", "init", "forget-bias", "hidden", "layers", "initial-state", "window",
    "precision", "solve-every",
  ])

  /// All that the runs' numbers depend on but their seed and the kernels; `plan` is that of any of them.
  func identity(_ plan: TrainingPlan) -> SettingIdentity {
    SettingIdentity(data: dataDigest, plan)
  }

  /// The value of an option of `train`.
  func text(of option: String) -> String { training.text(of: option) }

  /// The command line of `train` that makes the runs of `setting`, and their clipping rule, which may be
  /// a multiple of a mean norm that `train` does not know.
  private static func training(
    _ setting: SweepSetting, _ grid: SweepGrid, _ arguments: Arguments
  ) throws -> (Arguments, ClipThreshold) {
    let clip = OptionKey<Clipping>.clip.name
    var values = zip(grid.options, setting.values).filter { !$1.isEmpty }
      .map { (name: $0.name, text: $1) }
    values.append((name: "threads", text: "1"))
    if arguments[.stop] == "solved" { values.append((name: "stop-when-solved", text: "true")) }
    var threshold: ClipThreshold?
    if let place = values.firstIndex(where: { $0.name == clip }) {
      let given = try ClipThreshold(values[place].text)
      threshold = given
      if given.needsMeanNorm { values[place].text = Clipping.none.description }
    }
    let training = try arguments.forCommand(.train, setting: values)
    let own: Clipping? = training[optional: .clip]
    return (training, threshold ?? .rule(own ?? .none))
  }

  private static func digest(_ settings: some Sequence<(key: String, value: JSONValue)>) -> String {
    let sorted = settings.sorted { $0.key < $1.key }
      .map { JSONValue.array([.string($0.key), $0.value]) }
    var hash = SHA256()
    hash.update(JSONValue.array(sorted).encoded())
    return hash.hexadecimal()
  }

  /// Twelve hexadecimal digits.
  private static func name(_ digest: String, _ seed: Int) -> String {
    var hash = SHA256()
    hash.update("\(digest) \(seed)")
    return String(hash.hexadecimal().prefix(12))
  }

  /// The command line of `train` for the run of `seed`.
  ///
  /// - Throws: `UsageError`.
  func training(seed: Int) throws -> Arguments {
    try training.forCommand(.train, setting: [(name: "seed", text: "\(seed)")])
  }

  /// The run of `seed`. Its name is made from settings, seed and the content of files. Where files
  /// lie and how many threads there are does not matter; kernels, on which last digits depend, are in a
  /// column of their own.
  func run(seed: Int) -> SweepRun {
    SweepRun(
      id: Self.name(digest, seed), setting: setting, seed: seed, threshold: threshold,
      unclippedPass: Self.name(passDigest, seed),
      metadata: { (try? metadata(seed: seed)) ?? [:] },
      plan: { try TrainingStart(training(seed: seed), terminal: .silent).plan })
  }

  /// What `train` would keep with a model.
  private func metadata(seed: Int) throws -> [String: String] {
    let training = try training(seed: seed)
    let config = RunFolder.config(
      command: "train", options: training.recordedOptions, data: training.inputFiles())
    return ["config": config.encoded()]
  }
}
