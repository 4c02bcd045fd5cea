import UnrollCommandLine
import UnrollDenseMath
import UnrollFigures
import UnrollFileFormats
import UnrollGradientFlow
import UnrollOptimization
import UnrollRecurrentCells
import UnrollText

/// Trains where that is asked for, measures, and writes everything `unroll decay` leaves behind.
struct DecaySession {
  private let plan: DecayPlan
  private let terminal: Terminal
  private let output: RunOutput

  /// - Throws: `FileError` when the folder cannot be made.
  init(_ plan: DecayPlan, terminal: Terminal) throws {
    self.plan = plan
    self.terminal = terminal
    output = try RunOutput(plan.arguments, subject: plan.name, terminal: terminal)
  }

  func run() throws -> ExitStatus {
    try output.writeConfig(plan.arguments)
    if plan.isTraining { Interrupt.install() }
    let batch = plan.data.batch()
    var cells: [MeasuredModel] = []
    for subject in plan.subjects {
      let (parameters, training) = try weights(of: subject)
      let measurement = GradientMeasurement.measure(
        subject.model, parameters, batch: batch, lossAt: plan.placement)
      cells.append(
        MeasuredModel(
          subject, training: training, measurement: measurement,
          truncation: TruncationBias.measure(
            subject.model, parameters, batch: batch, cuts: plan.cuts, curves: measurement.curves),
          exponents: plan.exponents?.measure(
            subject, parameters, batch: batch, curves: measurement.curves, terminal: terminal) ?? []
        ))
      if training?.isDone == false || (plan.isTraining && Interrupt.isRequested) { break }
    }
    try write(DecayReport(plan, cells))
    return cells.allSatisfy(\.isDone) && cells.count == plan.subjects.count ? .done : .interrupted
  }

  private func weights(
    of subject: DecaySubject
  ) throws -> (parameters: Parameters<Double>, training: DecayTraining?) {
    switch subject.weights {
    case .saved(let file):
      for notice in file.notices { terminal.warn(notice) }
      return (file.parameters, nil)
    case .fresh(let seed):
      return (subject.model.initialParameters(subject.specification, seed: seed), nil)
    case .trained(let trainingPlan):
      let training = try DecayTraining.run(
        trainingPlan, label: subject.label, terminal: terminal)
      if let failure = training.failure {
        terminal.warn(
          "\(subject.label): \(failure.message); measured with its last finite weights, after "
            + training.extent)
      } else if !training.isDone {
        terminal.note(
          "interrupted: \(subject.label) is measured after \(training.extent), and is the last")
      }
      return (training.parameters, training)
    }
  }

  private func write(_ report: DecayReport) throws {
    try report.csv.write(to: output.path("decay.csv"))
    try output.draw(report.figure, name: "decay", formats: FigureFormat.allCases)
    for part in report.parts {
      // An earlier run in the folder may have left what this one does not write.
      output.removeLeftovers(of: part.name)
      try part.table?.write(to: output.path("\(part.name).csv"))
      if let figure = part.figure {
        try output.draw(figure, name: part.name, formats: FigureFormat.allCases)
      }
    }
    report.print(on: terminal, folder: output.folder)
    try output.writeSummary(report.summary)
  }
}
