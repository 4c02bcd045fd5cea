import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollSequenceTasks
import UnrollStudies
import UnrollText
import UnrollTraining

/// The results of a training run, for people and programs.
public struct TrainingSummary {
  /// How a run ended.
  public enum Outcome: String, Sendable, CustomStringConvertible {
    /// All updates were made, or the task was solved.
    case finished
    /// Somebody ended the run.
    case interrupted
    /// The loss or the gradient was no longer finite.
    case nonFinite = "nonfinite"

    /// As in files: `nonfinite`.
    public var description: String { rawValue }
  }

  private let plan: TrainingPlan
  private let totals: TrainingTotals
  private let parameters: Int
  private let isSolved: Bool
  private let hasCriterion: Bool
  private let outcome: Outcome

  /// The results of `plan`, as `trainer` has them now.
  public init<Element>(plan: TrainingPlan, trainer: Trainer<Element>, outcome: Outcome) {
    self.plan = plan
    self.outcome = outcome
    totals = trainer.totals
    parameters = trainer.model.layout.count
    isSolved = trainer.isSolved
    hasCriterion = trainer.criterion != nil
  }

  /// What `summary.json` holds.
  public var json: JSONValue {
    var object: JSONObject = [
      "task": .string(plan.task.name), "cell": .string(plan.specification.description),
      "parameters": .integer(parameters), "outcome": .string(outcome.rawValue),
      "steps": .integer(totals.updates),
      "train_loss": JSONValue(totals.trainLoss), "test_loss": JSONValue(totals.lastTestLoss),
      "best_test_loss": JSONValue(totals.bestTestLoss),
      "baseline_loss": .number(plan.task.baselineLoss),
      "test_accuracy": JSONValue(totals.lastTestAccuracy),
      "solved": hasCriterion ? .bool(isSolved) : .null,
      "steps_to_solve": JSONValue(totals.updatesToSolve),
      "clipped_fraction": JSONValue(totals.clippedFraction),
      "mean_gradient_norm": JSONValue(totals.meanNorm),
      "nonfinite_steps": .integer(totals.nonFinite), "seconds": .number(totals.seconds),
      "ms_per_step": JSONValue(
        totals.updates > 0 ? totals.seconds / Double(totals.updates) * 1000 : nil),
      "seed": .integer(Int(plan.seed)),
    ]
    for result in results { object[result.key] = .number(result.value) }
    return .object(object)
  }

  /// Results in the task's own units.
  private var results: [TaskResult] {
    totals.lastTestLoss.map { plan.task.results(testLoss: $0) } ?? []
  }

  /// `T 100, B 20, H 128`: the sizes of a run, for people.
  package static func sizes(_ plan: TrainingPlan) -> String {
    let length =
      plan.task.isStream
      ? "window \(plan.settings.truncation)"
      : "T \(plan.task.timeSteps(in: .train, rows: plan.settings.batch))"
    return "\(length), \(modelSizes(plan)), clip \(plan.settings.clipping), seed \(plan.seed)"
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
    var verdict = totals.updates == 1 ? "1 update" : "\(NumberText.count(totals.updates)) updates"
    if let steps = totals.updatesToSolve {
      verdict = page.styled("solved", .green) + " after \(NumberText.count(steps)) updates"
    } else if hasCriterion {
      verdict = page.styled("not solved", .yellow) + " in " + verdict
    }
    page.print(
      "\(page.styled(plan.task.name, .bold)), \(plan.specification), "
        + "\(NumberText.count(parameters)) parameters: \(verdict)")
    page.print("  \(Self.sizes(plan))")
    var lines = ResultLines()
    if let loss = totals.lastTestLoss {
      lines.append(
        "test \(plan.task.lossName)",
        plan.task.lossText(loss: loss, accuracy: totals.lastTestAccuracy))
    }
    for result in results { lines.append(result.label, NumberText.significant(result.value)) }
    if let mean = totals.meanNorm, let clipped = totals.clippedFraction {
      lines.append(
        "gradient norm",
        "mean \(NumberText.significant(mean)), largest "
          + "\(NumberText.significant(totals.largestNorm)), \(NumberText.percent(clipped)) clipped")
    }
    if totals.nonFinite > 0 {
      lines.append("not finite", "\(NumberText.count(totals.nonFinite)) updates left out")
    }
    if totals.updates > 0 {
      let each = totals.seconds / Double(totals.updates) * 1000
      lines.append(
        "time",
        "\(NumberText.duration(totals.seconds)), \(NumberText.significant(each)) ms an update")
    }
    if let folder { lines.append("files", folder) }
    page.print(lines.text)
  }
}
