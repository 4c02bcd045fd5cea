import UnrollFigures
import UnrollReports
import UnrollSequenceTasks
import UnrollStudies
import UnrollTraining

extension TrainingSession {
  func decayFigure(_ watch: DecayWatch<Element>) -> DecayOverTrainingFigure {
    DecayOverTrainingFigure(
      title: "Gradient reaching back through time, while learning",
      subtitle: "\(plan.task.name), \(plan.specification)   ·   " + TrainingSummary.sizes(plan)
        + (plan.configuration.layers > 1 ? "   ·   top layer" : ""),
      path: watch.path,
      measurements: watch.measurements.map {
        .init(step: $0.step, norms: $0.norms, halfLife: $0.fit.halfLife, horizon: $0.fit.horizon)
      },
      losses: Array(zip(history.steps, history.losses)),
      lossName: plan.task.lossName + (plan.settings.hasPenalties ? " with penalties" : ""))
  }

  var lossFigure: LossFigure {
    let task = plan.task
    var threshold: Double?
    if case .norm(let limit) = plan.settings.clipping { threshold = limit }
    return LossFigure(
      title: "\(task.name), \(plan.specification)",
      subtitle: ([TrainingSummary.sizes(plan)] + changes.map(\.figureText))
        .joined(separator: "   ·   "),
      steps: history.steps, losses: history.losses, gradientNorms: history.norms,
      validations: history.validations.map { .init(step: $0.step, loss: $0.loss) },
      baseline: .init(
        value: task.baselineLoss(in: task.selectionSplit), name: task.baselineName),
      clipThreshold: threshold, lossName: task.lossName)
  }
}
