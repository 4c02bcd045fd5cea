import UnrollCommandLine
import UnrollFileFormats
import UnrollSequenceTasks
import UnrollStudies
import UnrollText

/// What the data that a command reads are to a saved model, by their content.
enum DataRelation: Equatable {
  /// What the model was trained on, wherever it lies; or no data were given.
  case own
  /// What the model was trained on, with elements added.
  case grown(TestExtent.Growth)
  /// Anything else.
  case other
}

extension Arguments {
  /// What the data are to `model`.
  ///
  /// - Throws: `FileError`.
  func relation(to model: SavedModel) throws -> DataRelation {
    var relation = DataRelation.own
    for option in ["file", "inputs", "targets"]
    where has(option) && wasGiven(option) && !isFrom(model.path, option) {
      guard let path = filePath(of: option) else { continue }
      guard let recorded = model.origin.data.first(where: { $0.option == option }) else {
        return .other
      }
      if try fingerprints.fingerprint(of: path) == recorded.fingerprint { continue }
      // Arrays say how many they are, so that the bytes of more do not begin with those of fewer.
      guard option == "file" else { return sequencesRelation(to: model) }
      guard let growth = try fingerprints.growth(ofFileAt: path, since: recorded.fingerprint)
      else { return .other }
      switch growth {
      case .atEnd: relation = .grown(.atEnd)
      case .behindFirstLine where model.origin.taskName == "series": relation = .grown(.atTop)
      case .behindFirstLine: return .other
      }
    }
    return relation
  }

  /// What the sequences of `--inputs` are to `model`: those of another file may be the model's own.
  private func sequencesRelation(to model: SavedModel) -> DataRelation {
    let origin = model.origin
    guard origin.taskName == "arrays", let split = origin.split, let digest = origin.sequences,
      let path = filePath(of: "inputs")
    else { return .other }
    // They are read as in training, unless it is said how.
    func given(_ option: String) -> String? {
      has(option) && wasGiven(option) ? text(of: option) : origin.options[option]?.string
    }
    var targets = given("targets").map(TargetsChoice.init(parsing:)) ?? TargetsChoice()
    if !(has(.targets) && wasGiven(.targets)) { targets.path = nil }
    let masksMissing = given("missing") == MissingValues.mask.rawValue
    let paths = [path, targets.path].map { $0.map(AbsolutePath.of) ?? "" }
    let key = paths + [targets.placement?.rawValue ?? "", "\(masksMissing)"]
    let count = fingerprints.count((key + [digest]).joined(separator: "\n")) {
      ArraysTask.count(
        ofFileAt: path, targets: targets, masksMissing: masksMissing, startingWith: split.count,
        digest)
    }
    guard let count else { return .other }
    return count == split.count ? .own : .grown(.atEnd)
  }

  /// Whether data were given, and are not what the model was trained on: that may have moved.
  ///
  /// - Throws: `FileError`.
  func hasData(otherThan model: SavedModel) throws -> Bool { try relation(to: model) != .own }

  /// Whether it was said, by other than the model, what of the data is held out.
  func hasOwnParts(besides model: SavedModel) -> Bool {
    ["holdout", "validation", "test"].contains {
      has($0) && wasGiven($0) && !isFrom(model.path, $0)
    }
  }

  /// What of its file the task called `name` is tested on where that is not the model's own; nil where
  /// that, or options, say it.
  ///
  /// - Throws: `FileError`.
  func testExtent(of name: String, for model: SavedModel) throws -> TestExtent? {
    if hasOwnParts(besides: model) { return nil }
    switch try relation(to: model) {
    case .own: return name == model.origin.taskName ? nil : .whole
    case .other: return .whole
    case .grown(let growth):
      guard name == model.origin.taskName else { return .whole }
      return model.origin.split.map { .grown($0, growth) }
    }
  }

  /// Says what of the data may have been trained on, and what of a file that has grown is measured.
  ///
  /// - Throws: `FileError`.
  func noteMeasuredData(
    of task: any SequenceTask, for model: SavedModel, on terminal: Terminal
  ) throws {
    guard task.name == model.origin.taskName else { return }
    let relation = try relation(to: model)
    if relation == .other {
      warnOfChangedContent(of: model, on: terminal)
      return
    }
    let own = ["holdout", "validation", "test"].filter {
      has($0) && wasTyped($0) && filePath(of: $0) == nil
        && model.origin.options[$0].map { $0.string ?? $0.encoded() } != text(of: $0)
    }
    if let option = own.first {
      if !isLeftForTheTest(by: model, task, relation) {
        terminal.warn(
          "--\(option) divides the data otherwise than in training, so that what is measured may have "
            + "been trained on")
      }
    } else if case .grown = relation, !hasOwnParts(besides: model),
      let path = ["file", "inputs"].lazy.compactMap({ has($0) ? filePath(of: $0) : nil }).first
    {
      terminal.note(
        "\(path.escaped) holds what the model was trained on, and more; measured is what follows its "
          + "training and validation part")
    }
  }

  /// Whether what is measured lies in the part that the model's training left for the test.
  private func isLeftForTheTest(
    by model: SavedModel, _ task: any SequenceTask, _ relation: DataRelation
  ) -> Bool {
    guard relation != .grown(.atTop), let recorded = model.origin.split, let split = task.dataSplit
    else { return false }
    return split.range(of: task.measuredSplit).lowerBound >= recorded.range(of: .test).lowerBound
  }

  /// Warns where a file lies where the model's own was, and holds something else.
  private func warnOfChangedContent(of model: SavedModel, on terminal: Terminal) {
    for option in ["file", "inputs"] where has(option) {
      guard let path = filePath(of: option),
        let recorded = model.origin.data.first(where: { $0.option == option }),
        recorded.path == AbsolutePath.of(path)
      else { continue }
      terminal.warn(
        "\(path.escaped) has changed since \(model.path.escaped) was trained on it, so that what is "
          + "measured may have been trained on")
    }
  }
}
