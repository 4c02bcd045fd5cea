import UnrollCommandLine
import UnrollFigures
import UnrollGradientFlow
import UnrollOptimization
import UnrollRecurrentCells
import UnrollReports
import UnrollStudies
import UnrollText

/// Trains where that is asked for, measures, and writes everything `unroll decay` leaves behind.
struct DecaySession {
  private let plan: DecayPlan
  private var study: DecayStudy { plan.study }
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
    if study.isTraining { Interrupt.install() }
    let batch = study.data.batch()
    var cells: [MeasuredModel] = []
    for subject in study.subjects {
      let (parameters, training) = try weights(of: subject)
      cells.append(
        study.measure(subject, parameters, on: batch, after: training) { curves in
          exponents(of: subject, parameters, batch, curves)
        })
      if training?.isDone == false || (study.isTraining && Interrupt.isRequested) { break }
    }
    try write(DecayReport(study, cells))
    return cells.allSatisfy(\.isDone) && cells.count == study.subjects.count ? .done : .interrupted
  }

  /// The exponents of every layer, shown as they are measured; none where they are not asked for.
  private func exponents(
    of subject: DecaySubject, _ parameters: Parameters<Double>, _ batch: Batch<Double>,
    _ curves: [DecayCurve]
  ) -> [MeasuredExponents] {
    guard let plan = study.exponents else { return [] }
    if plan.count == nil, subject.model.stateSize >= 1000 {
      terminal.note(
        "\(subject.label.escaped): \(NumberText.count(subject.model.stateSize)) exponents and "
          + "singular values take long; --exponent-count N takes the N largest exponents alone")
    }
    let progress = ExponentProgress(
      subject.label, of: plan.steps(of: subject.model, rows: batch.shape.rows), on: terminal)
    defer { terminal.clearLive() }
    return plan.measure(
      subject.model, parameters, batch: batch, curves: curves, didStep: progress.didStep,
      willTakeSingularValues: {
        terminal.drawLive(["\(subject.label.escaped)  singular values"])
      })
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
      let progress = ProgressObserver(
        ProgressLine(
          subject.label, lastStep: trainingPlan.settings.updates, on: terminal))
      defer { progress.line.finish() }
      let training = try DecayTraining.run(
        trainingPlan, observer: progress, until: { Interrupt.isRequested })
      if let failure = training.failure {
        terminal.warn(
          "\(subject.label): \(ErrorMessage.text(for: failure)); measured with its last finite weights, after "
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
