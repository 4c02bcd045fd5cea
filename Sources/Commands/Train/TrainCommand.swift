import UnrollCommandLine
import UnrollFileFormats
import UnrollReports
import UnrollSequenceTasks
import UnrollStudies

extension Command {
  /// How far a run goes, unless the learning rate's schedule ends there, and what leaves its numbers
  /// alone.
  @Sendable private static func freeOnResume(_ options: JSONObject) -> Set<String> {
    options["schedule"] == "cosine" ? ["threads"] : ["steps", "threads"]
  }

  /// `unroll train TASK`.
  static let train = Command(
    name: "train",
    arguments: [.taskArgument],
    summary: "trains one model; writes its weights, metrics and loss figure",
    discussion: """
      Trains by truncated backpropagation through time: the gradient is followed back over at \
      most as many steps as --window allows, by default the whole sequence of a generated task. \
      The folder of the run holds metrics.csv, model.safetensors (the final weights), \
      best.safetensors (the weights with the lowest validation loss), checkpoint.safetensors, loss.svg, loss.png, loss.gp, \
      config.json and summary.json.

      The validation loss is taken every --eval-every updates; the best weights are chosen by it, \
      and it says whether the task is solved. The test loss is read once, at the end, for the \
      last and the best weights. Sequences of --inputs have the parts that --validation and \
      --test name; without --validation the best weights are chosen by the loss on the training \
      data.

      Ctrl-C saves and stops. --resume continues from the checkpoint and ends with the same bits \
      as an uninterrupted run with the same number of threads.

      --watch-decay EVERY measures how the gradient decays backward through time, on a fixed \
      batch of validation sequences, before training and after every EVERY updates. It writes \
      decay-over-training.csv and a figure that also shows the loss. --loss-at says which loss \
      is differentiated.

      --regularize omega:α keeps the gradient of the rnn cell from vanishing (Pascanu, Mikolov & \
      Bengio 2013). It adds αΩ to the loss. Ω is small when each backward step keeps the \
      gradient's length: it sums (‖∂L/∂h_t‖ through the recurrent weights alone / ‖∂L/∂h_(t+1)‖ \
      - 1)² over layers and steps and averages over the batch. Only W_hh receives a gradient \
      from Ω; states and gradients are held constant. As with --l1 and --l2, the training loss \
      and the gradient that is clipped include the term. Validation and test losses do not.
      """,
    examples: [
      Example(
        line: "unroll train adding --length 50 --stop-when-solved",
        explanation: "an LSTM learns to add two numbers up to 50 steps apart"),
      Example(
        line: "unroll train text --file book.txt --hidden 256 --batch 32 --steps 2000",
        explanation: "a character model of a text"),
      Example(
        line: "unroll train adding --length 100 --watch-decay 100",
        explanation: "how far the gradient reaches back while the LSTM learns"),
    ],
    options: OptionTable.rows(
      "length", "file", "vocabulary", "column", "columns", "target", "holdout", "validation",
      "test",
      "validation-sequences", "test-sequences", "inputs", "targets", "missing", "decimal",
      "order", "no-header", "shuffle", "cell", "activation", "init",
      "forget-bias", "initial-state", "hidden", "layers") + OptionTable.trainingRows
      + OptionTable.rows(
        "window", "clip", "seed", "precision", "threads", "resume", "watch-decay", "loss-at")
      + OptionTable.runRows,
    freeOnResume: freeOnResume
  ) { arguments, terminal in
    let plan = try TrainingPlan(
      arguments, task: arguments.taskName(), specification: arguments.cellSpecification())
    let checkpoint = try arguments[optional: .resume].map { try SafetensorsFile(path: $0) }
    if plan.isDouble {
      return try TrainingSession<Double>(
        plan, arguments: arguments, checkpoint: checkpoint, terminal: terminal
      ).run()
    }
    return try TrainingSession<Float>(
      plan, arguments: arguments, checkpoint: checkpoint, terminal: terminal
    ).run()
  }
}

extension OptionSpec {
  /// The task by its place; a resumed or replayed run's file names it as well.
  static let taskArgument = OptionSpec.argument(
    .task, .choice(TaskTable.all.map(\.name)),
    default: .value("adding", shown: "adding, or that of --resume or --config"),
    "what the model learns")
}

extension Arguments {
  /// The task given by its place.
  ///
  /// - Throws: `UsageError.missing`.
  func taskName() throws -> String { try required(.task) }
}
