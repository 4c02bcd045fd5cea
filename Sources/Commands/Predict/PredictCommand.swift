import UnrollCommandLine
import UnrollReports
import UnrollSequenceTasks
import UnrollStudies
import UnrollText

extension Command {
  /// `unroll predict`.
  static let predict = Command(
    name: "predict",
    summary: "writes a saved model's forecast of a series, or its outputs, as CSV",
    discussion: """
      A model of a series continues where the series ends, using its own predictions as inputs; a \
      model that reads columns it does not predict forecasts the next value alone. \
      predict.csv holds the observed values, the prediction of each from the values before it, \
      and the forecast. forecast.svg draws them. The errors are those that evaluate measures, on \
      the same values: summary.json says which rows they are. Other data are scaled as the model's \
      own data were. A PyTorch state_dict has no scaling: it uses the data's own, to mean 0 and \
      standard deviation 1.

      With --inputs, predict.csv holds the outputs at every step of all of the file's sequences x \
      [T,N,I]: numbers, or the probabilities of the classes and the most likely class. A PyTorch \
      state_dict does not say which. Its outputs are read as classes if the file has integer \
      targets y.
      """,
    examples: [
      Example(
        line: "unroll predict --model runs/train-series/model.safetensors --horizon 22",
        explanation: "the next 22 values of the series that the model was trained on"),
      Example(
        line: "unroll predict --model state_dict.safetensors --inputs batch.safetensors",
        explanation: "the outputs of a PyTorch model for sequences of numbers"),
    ],
    options: OptionTable.savedModelRows
      + OptionTable.savedDataRows(
        file: "CSV file of the series",
        inputs: "file with sequences x [T,N,I]: safetensors, .npz or .npy")
      + OptionTable.rows("horizon") + OptionTable.runRows
  ) { arguments, terminal in
    let model = try arguments.savedModel(on: terminal) { $0 == "series" || $0 == "arrays" }
    if arguments.wasTyped(.file), arguments.wasTyped(.inputs) {
      throw UsageError.conflict("file", "inputs")
    }
    if model.origin.vocabulary != nil { throw ModelUseError.characterModel(path: model.path) }
    let usesInputs =
      !arguments.wasTyped(.file)
      && (arguments.wasGiven(.inputs) || model.origin.taskName == "arrays")
    if usesInputs {
      return try predictOutputs(
        of: model, arguments.filling(from: model, task: "arrays"), terminal)
    }
    guard model.origin.taskName == "series" || arguments.wasGiven(.file) else {
      throw ModelUseError.nothingToPredict(path: model.path, task: model.origin.taskName)
    }
    return try predictSeries(
      by: model, arguments.filling(from: model, task: "series"), terminal)
  }

  private static func predictSeries(
    by model: SavedModel, _ arguments: Arguments, _ terminal: Terminal
  ) throws -> ExitStatus {
    guard let task = try arguments.task(named: "series", for: model, isTested: true) as? SeriesTask
    else {
      requirementFailed("expected the task 'series' to be a SeriesTask")
    }
    terminal.warn(of: task)
    try arguments.noteMeasuredData(of: task, for: model, on: terminal)
    var horizon: Int = arguments[.horizon]
    if horizon > 1, !arguments.wasTyped(.horizon), let column = task.columnWithoutFeedback {
      terminal.note(
        "column \(column.quoted) is read but not predicted: the next value alone is forecast")
      horizon = 1
    }
    Interrupt.install()
    defer { Interrupt.uninstall() }
    let prediction: SeriesPrediction
    do {
      prediction = try SeriesPrediction(
        of: model, on: task, horizon: horizon, until: { Interrupt.isRequested })
    } catch is CancellationError {
      terminal.tell("interrupted; nothing was written")
      return .interrupted
    }
    let output = try RunOutput(arguments, subject: prediction.column, terminal: terminal)
    try output.writeConfig(arguments)
    try prediction.writeCSV(to: output.path("predict.csv"))
    for (index, figure) in prediction.figures.enumerated() {
      let name = prediction.targets.count == 1 ? "forecast" : "forecast-\(index + 1)"
      output.draw(figure, name: name, formats: [.svg, .png])
    }
    prediction.print(on: terminal, folder: output.folder)
    try output.writeSummary(prediction.json)
    return .done
  }

  private static func predictOutputs(
    of model: SavedModel, _ arguments: Arguments, _ terminal: Terminal
  ) throws -> ExitStatus {
    let inputs = try SequenceInputs(
      path: arguments.required(.inputs), targets: arguments.targetsChoice)
    for notice in inputs.notices { terminal.warn(notice) }
    let outputs = try OutputsFile(of: model, on: inputs)
    try model.requireOutputs(at: inputs.path) {
      (inputs.lengths.map { $0 - 1 }, inputs.batch())
    }
    let output = try RunOutput(arguments, subject: "arrays", terminal: terminal)
    Interrupt.install()
    defer { Interrupt.uninstall() }
    do {
      try outputs.write(to: output.path("predict.csv")) {
        if Interrupt.isRequested { throw CancellationError() }
      }
    } catch is CancellationError {
      terminal.tell("interrupted; no predict.csv was written to \(output.folder)")
      return .interrupted
    }
    try output.writeConfig(arguments)
    outputs.print(on: terminal, path: output.path("predict.csv"))
    try output.writeSummary(outputs.json)
    return .done
  }
}
