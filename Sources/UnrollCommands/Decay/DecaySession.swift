import DenseMath
import Figures
import FileFormats
import GradientFlow
import Optimisation
import RecurrentCells

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
    var cells: [MeasuredCell] = []
    for subject in plan.subjects {
      let (parameters, training) = try weights(of: subject)
      let measurement = GradientMeasurement.measure(
        subject.model, parameters, batch: batch, lossAt: plan.placement)
      cells.append(
        MeasuredCell(
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
    output.removeLeftovers([
      "contributions", "formats", "gates", "truncation", "exponents", "exponents-convergence",
      "singular-values",
    ])
    try report.csv.write(to: output.path("decay.csv"))
    try output.draw(report.figure, name: "decay", formats: FigureFormat.allCases)
    if !report.cells.isEmpty { try writeMeasured(report) }
    report.print(on: terminal, folder: output.folder)
    try output.writeSummary(report.summary)
  }

  private func writeMeasured(_ report: DecayReport) throws {
    try report.contributionsCSV.write(to: output.path("contributions.csv"))
    try output.draw(
      report.contributionsFigure, name: "contributions", formats: FigureFormat.allCases)
    try report.formatsCSV.write(to: output.path("formats.csv"))
    try output.draw(report.formatsFigure, name: "formats", formats: FigureFormat.allCases)
    if report.hasGates {
      try report.gatesCSV.write(to: output.path("gates.csv"))
      try output.draw(report.gatesFigure, name: "gates", formats: FigureFormat.allCases)
    }
    if report.hasTruncation {
      try report.truncationCSV.write(to: output.path("truncation.csv"))
      try output.draw(report.truncationFigure, name: "truncation", formats: FigureFormat.allCases)
    }
    if report.hasExponents {
      try report.exponentsCSV.write(to: output.path("exponents.csv"))
      try report.convergenceCSV.write(to: output.path("exponents-convergence.csv"))
      if plan.exponents?.count == nil {
        try report.singularValuesCSV.write(to: output.path("singular-values.csv"))
      }
      try output.draw(report.exponentsFigure, name: "exponents", formats: FigureFormat.allCases)
    }
  }
}
