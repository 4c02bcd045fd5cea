import UnrollCommandLine
import UnrollDenseMath
import UnrollOptimization
import UnrollSequenceTasks
import UnrollStudies

extension Command {
  /// `unroll evaluate [TASK]`.
  static let evaluate = Command(
    name: "evaluate",
    arguments: [.evaluatedTask],
    summary: "measures a saved model's loss on data that it was not trained on",
    discussion: """
      A model that train saved knows its task, its data, and its vocabulary or scaling, so \
      --model alone repeats the test of its training. Options given here override what the model \
      knows.

      What is measured depends on what the data are, by their content. Of the model's own data, \
      wherever they lie, it is the part that training left for the test: test sequences of a \
      generated task, the end of a text or a series, and of sequences what --test named, or all \
      without it. Of data that have grown since, it is that part and what was added. \
      Other data are measured as a whole, with the model's own vocabulary or scaling; the first \
      character or value has none before it, so it is not predicted. --holdout, --validation and \
      --test divide the data otherwise. The result says which elements were measured.

      A PyTorch state_dict saved with safetensors needs TASK or --inputs. If its nn.RNN is not \
      tanh, it also needs --activation.
      """,
    examples: [
      Example(
        line: "unroll evaluate --model runs/train-text/model.safetensors --file other.txt",
        explanation: "how well a character model predicts another text"),
      Example(
        line: "unroll evaluate adding --length 200 --model state_dict.safetensors",
        explanation: "a model trained elsewhere, on sequences of 200 steps"),
    ],
    options: OptionTable.savedModelRows + OptionTable.savedTaskRows + [
      OptionTable.row("precision").overriding(default: .value("double")),
      OptionTable.row("threads"), OptionTable.row("config"),
      OptionTable.row("out").overriding(
        default: .described("none"), summary: "folder for config.json and summary.json"),
      OptionTable.row("json"),
    ]
  ) { arguments, terminal in
    let model = try arguments.savedModel(on: terminal)
    let name =
      try arguments[optional: .task] ?? model.origin.taskName
      ?? (arguments.wasGiven(.inputs) ? "arrays" : arguments.required(.task, or: .inputs))
    let arguments = try arguments.filling(from: model, task: name)
    let task = try arguments.task(named: name, for: model, isTested: true)
    terminal.warn(of: task)
    try arguments.noteMeasuredData(of: task, for: model, on: terminal)
    if let task = task as? ArraysTask, let path = arguments[optional: .inputs] {
      _ = try model.model(for: task)
      try model.requireOutputs(at: path) {
        let data = DecayData(task, of: path)
        return (data.lastSteps, data.batch())
      }
    }
    Interrupt.install()
    defer { Interrupt.uninstall() }
    let evaluation: Evaluation
    do {
      evaluation =
        arguments[.precision] == "double"
        ? try arguments.evaluation(of: model, on: task, as: Double.self)
        : try arguments.evaluation(of: model, on: task, as: Float.self)
    } catch is CancellationError {
      terminal.tell("interrupted; nothing was measured")
      return .interrupted
    }
    if arguments[optional: .out] != nil {
      let output = try RunOutput(arguments, subject: name, terminal: terminal)
      try output.writeConfig(arguments)
      try output.writeSummary(evaluation.json)
    } else {
      terminal.printJSON(evaluation.json.encoded())
    }
    evaluation.print(on: terminal)
    return .done
  }
}

extension Arguments {
  fileprivate func evaluation<Element: Scalar>(
    of model: SavedModel, on task: any SequenceTask, as type: Element.Type
  ) throws -> Evaluation {
    let isOwnData =
      try task.name == model.origin.taskName && !hasData(otherThan: model)
    return try Evaluation(
      of: model, on: task, rows: self[.batch], threads: self[.threads], as: type,
      isOwnData: isOwnData, until: { Interrupt.isRequested })
  }
}

extension OptionSpec {
  /// The task by its place, where a model may know it.
  fileprivate static let evaluatedTask = OptionSpec.argument(
    .task, .choice(TaskTable.all.map(\.name)), default: .described("the model's own"),
    "what the model is tested on")
}

extension OptionTable {
  /// A saved model.
  static let savedModelRows = [
    row("model").overriding(
      default: .described("the newest run's"),
      summary: "the model: a safetensors file saved by train, or a PyTorch state_dict"),
    row("activation").overriding(
      default: .described("the file's, or tanh"),
      summary: "activation of an rnn whose file does not name one"),
    row("recurrent"), row("readout"),
  ]

  /// The test data, where they are not to be the model's own.
  static let savedTaskRows =
    [row("length").overriding(default: .value("100", shown: ownWords))]
    + savedDataRows(
      file: "text or CSV file to test on",
      inputs: "file with sequences x and targets y: safetensors, .npz or .npy")
    + [
      row("batch").overriding(
        default: .value("20", shown: ownWords), summary: "sequences tested side by side"),
      row("test-sequences").overriding(default: .value("1000", shown: ownWords)),
      row("seed").overriding(
        default: .value("1", shown: ownWords), summary: "seed of generated test data"),
    ]

  /// The files to use a saved model on, with summaries that fit the use.
  static func savedDataRows(file: String, inputs: String) -> [OptionSpec] {
    [
      row("file").overriding(default: .described(ownWords), summary: file),
      row("column").overriding(default: .described(ownWords)),
      row("columns").overriding(default: .described(ownWords)),
      row("target").overriding(default: .described(ownWords)),
      row("holdout").overriding(default: .described(ownPartWords)),
      row("validation").overriding(default: .described(ownPartWords)),
      row("test").overriding(default: .described(ownPartWords)),
      row("inputs").overriding(default: .described(ownWords), summary: inputs),
    ] + rows("targets", "missing", "decimal", "order", "no-header")
  }

  private static let ownWords = "the model's own"
  private static let ownPartWords = "the model's own, none for other data"
}
