import UnrollCommandLine
import UnrollFileFormats
import UnrollReports
import UnrollSequenceTasks
import UnrollStudies

extension Command {
  /// `unroll train TASK`.
  static let train = Command(
    name: "train",
    arguments: [.taskArgument],
    summary: "trains one model; writes metrics, checkpoint, loss figure",
    discussion: """
      Trains by truncated backpropagation through time. The folder of the run holds metrics.csv, \
      model.safetensors (weights at the end), best.safetensors (at the lowest test loss), \
      checkpoint.safetensors, loss.svg and summary.json.

      Ctrl-C saves and stops; --resume goes on from the checkpoint, bit for bit as if the run had \
      not stopped.

      --regularize omega:α asks, of the rnn cell, that the gradient keep its length from step to step \
      (Pascanu, Mikolov & Bengio 2013): it adds αΩ to the loss, where Ω sums, over layers and steps, \
      (‖∂L/∂h_t‖ through the recurrent weights alone / ‖∂L/∂h_(t+1)‖ - 1)², averaged over the batch, \
      and is differentiated by W_hh with states and gradients held constant. As with --l1 and --l2, \
      the training loss and the norm that is clipped include it, the test loss does not.

      --watch-decay EVERY measures how the gradient decays back through time on a fixed batch of \
      test sequences, before training and after every EVERY updates: decay-over-training.csv, and \
      a figure of it with the loss. --loss-at says which loss is followed.
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
      "length", "file", "column", "holdout", "inputs", "shuffle", "cell", "activation", "init",
      "forget-bias", "initial-state", "hidden", "layers") + OptionTable.trainingRows
      + OptionTable.rows(
        "window", "clip", "seed", "precision", "threads", "resume", "watch-decay", "loss-at")
      + OptionTable.runRows,
    // How far a run goes, unless the learning rate's schedule ends there, and what leaves its numbers
    // alone.
    freeOnResume: { $0["schedule"] == "cosine" ? ["threads"] : ["steps", "threads"] }
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
