import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollSequenceTasks
import UnrollStudies
import UnrollText
import UnrollTraining

/// The results of a training run, for people and programs.
public struct TrainingSummary {
  private let plan: TrainingPlan
  private let totals: TrainingTotals
  private let test: TestRecord?
  private let parameters: Int
  private let isSolved: Bool
  private let hasCriterion: Bool
  private let decay: DecayMilestones?
  private let outcome: RunOutcome
  private let changes: [SettingChange]
  /// Of a series of which several columns are predicted, the errors of each on the test.
  private let seriesErrors: SeriesErrors?

  /// The results of `plan`, as `trainer` has them now.
  ///
  /// - Parameters:
  ///   - test: what ``Trainer/test(isFinite:until:)`` gave at the end of the run; nil for a task without test
  ///     data, and for a run that has not ended.
  ///   - decay: what a ``DecayWatch`` saw; nil where the gradient's decay was not watched.
  ///   - changes: the settings that a resumed run was given anew.
  public init<Element>(
    plan: TrainingPlan, trainer: Trainer<Element>, test: TestRecord? = nil,
    decay: DecayMilestones? = nil, changes: [SettingChange] = [], outcome: RunOutcome
  ) {
    self.changes = changes
    self.decay = decay
    self.plan = plan
    self.test = test
    self.outcome = outcome
    totals = trainer.totals
    parameters = trainer.model.layout.count
    isSolved = trainer.isSolved
    hasCriterion = trainer.criterion != nil
    seriesErrors =
      if let task = plan.task as? SeriesTask, task.targets.count > 1, outcome != .nonFinite,
        test?.last != nil
      {
        SeriesErrors(
          task,
          squaredErrors: try? SeriesForecast(
            model: trainer.model, parameters: trainer.parameters, scalings: task.scalings
          ).squaredErrors(on: task, in: .test), in: .test)
      } else {
        nil
      }
  }

  /// What `summary.json` holds.
  public var json: JSONValue {
    var object: JSONObject = [
      "task": .string(plan.task.name), "cell": .string(plan.specification.description),
      "parameters": .integer(parameters), "outcome": .string(outcome.rawValue),
      "steps": .integer(totals.updates),
      "train_loss": JSONValue(totals.trainLoss),
      "best_step": JSONValue(totals.bestEvaluation?.update),
      "baseline_loss": .number(plan.task.baselineLoss),
      "solved": hasCriterion ? .bool(isSolved) : .null,
      "steps_to_solve": JSONValue(totals.updatesToSolve),
      "clipped_fraction": JSONValue(totals.clippedFraction),
      "mean_gradient_norm": JSONValue(totals.meanNorm),
      "nonfinite_steps": .integer(totals.nonFinite), "seconds": .number(totals.seconds),
      "evaluation_seconds": .number(totals.evaluationSeconds),
      "ms_per_step": JSONValue(totals.millisecondsPerUpdate),
      "seed": .integer(Int(plan.seed)), "gradient_decay": decay?.json ?? .null,
      "window": .string(plan.settings.truncation.description),
      "changed_settings": .array(changes.map(\.json)),
    ]
    for (name, split) in [
      ("training_data", Split.train), ("validation", .validation), ("test", .test),
    ] {
      let (last, best) = (last(in: split), best(in: split))
      object["\(name)_loss"] = JSONValue(last?.loss)
      object["best_\(name)_loss"] = JSONValue(best?.loss)
      object["\(name)_accuracy"] = JSONValue(last?.accuracy)
      object["best_\(name)_accuracy"] = JSONValue(best?.accuracy)
      // The test's are the results of the run.
      let prefix = split == .test ? "" : "\(name)_"
      for result in results(of: last) { object[prefix + result.key] = .number(result.value) }
    }
    return .object(object + (seriesErrors?.json ?? [:]))
  }

  /// What a part of the data says of the weights at the end; nil for a part that was not measured, and for
  /// a run that became non-finite, which has no weights at the end.
  private func last(in split: Split) -> EvaluationRecord? {
    if outcome == .nonFinite { return nil }
    if split == .test { return test?.last }
    return totals.lastEvaluation.flatMap { $0.split == split ? $0 : nil }
  }

  /// The same of the best weights.
  private func best(in split: Split) -> EvaluationRecord? {
    if split == .test { return test?.best }
    return totals.bestEvaluation.flatMap { $0.split == split ? $0 : nil }
  }

  /// A record's loss in the task's own units.
  private func results(of record: EvaluationRecord?) -> [TaskResult] {
    record.map { plan.task.results(loss: $0.loss, in: $0.split) } ?? []
  }

  /// `T 100, window 20, B 20, H 128`: the sizes of a run, for people. Whole sequences need no window.
  package static func sizes(_ plan: TrainingPlan) -> String {
    let window = plan.settings.truncation
    let sizes =
      (plan.task.isStream
        ? [] : ["T \(plan.task.timeSteps(in: .train, rows: plan.settings.batch))"])
      + (window == .full ? [] : ["window \(window)"])
    return sizes.map { $0 + ", " }.joined()
      + "\(modelSizes(plan)), clip \(plan.settings.clipping), seed \(plan.seed)"
  }

  /// `B 20, H 128, adam 0.001`: those of them that runs of one comparison share.
  package static func modelSizes(_ plan: TrainingPlan) -> String {
    let layers = plan.configuration.layers > 1 ? ", \(plan.configuration.layers) layers" : ""
    return "B \(plan.settings.batch), H \(plan.configuration.hidden)\(layers), "
      + "\(plan.settings.optimizer.rawValue) \(plan.settings.schedule.base.plainText)"
      + (plan.settings.regularizer == .none ? "" : ", \(plan.settings.regularizer)")
  }

  /// The results for people, in a few lines.
  public var text: String { PlainPage.text { print(on: $0, folder: nil) } }

  /// - Parameter folder: where the files are; nil for none.
  package func print(on page: any TextPage, folder: String?) {
    var verdict = NumberText.count(totals.updates, "update")
    if let steps = totals.updatesToSolve {
      verdict = page.styled("solved", .green) + " after \(NumberText.count(steps, "update"))"
    } else if hasCriterion {
      verdict = page.styled("not solved", .yellow) + " in " + verdict
    }
    page.print(
      "\(page.styled(plan.task.name, .bold)), \(plan.specification), "
        + "\(NumberText.count(parameters)) parameters: \(verdict)")
    page.printBroken("  \(Self.sizes(plan))", indent: 2)
    var lines = ResultLines()
    for change in changes { lines.append("changed", change.description) }
    for split in [Split.train, .validation, .test] { append(split, to: &lines) }
    if let mean = totals.meanNorm, let clipped = totals.clippedFraction {
      lines.append(
        "gradient norm",
        "mean \(NumberText.significant(mean)), largest "
          + "\(NumberText.significant(totals.largestNorm)), \(NumberText.percent(clipped)) clipped")
    }
    decay?.append(to: &lines)
    if totals.nonFinite > 0 {
      lines.append("not finite", "\(NumberText.count(totals.nonFinite, "update")) left out")
    }
    if totals.updates > 0 {
      lines.append(
        "time",
        "\(NumberText.duration(totals.seconds)), "
          + "\(NumberText.significant(totals.millisecondsPerUpdate ?? .nan)) ms an update, "
          + "evaluations \(NumberText.duration(totals.evaluationSeconds))")
    }
    if let folder { lines.append("files", folder) }
    page.print(lines.text(columns: page.outputColumns))
  }

  /// What a part of the data says of the last weights, and in the next line of the best ones where they
  /// are others.
  private func append(_ split: Split, to lines: inout ResultLines) {
    if let last = last(in: split) {
      lines.append(
        plan.task.lossName(in: split),
        plan.task.lossText(loss: last.loss, accuracy: last.accuracy, in: split)
          + (last.update == totals.updates
            ? "" : ", after \(NumberText.count(last.update, "update"))"))
    }
    if outcome == .nonFinite,
      split == .test ? plan.task.has(.test) : split == plan.task.selectionSplit
    {
      lines.append(plan.task.lossName(in: split), "none: the run became non-finite")
    }
    if let best = best(in: split), best.update != last(in: split)?.update {
      lines.append(
        "  of the best weights",
        NumberText.significant(best.loss)
          + (best.accuracy.map { ", \(NumberText.percent($0)) right" } ?? "")
          + ", after \(NumberText.count(best.update, "update"))")
    }
    // In the task's own units, once: the test, or what there is without it.
    guard split == .test || test?.last == nil else { return }
    for result in results(of: last(in: split)) {
      lines.append(result.label, result.text)
    }
    seriesErrors?.append(to: &lines)
  }
}
