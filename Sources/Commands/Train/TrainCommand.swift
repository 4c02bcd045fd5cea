import UnrollCommandLine
import UnrollDenseMath
import UnrollFileFormats
import UnrollReports
import UnrollSequenceTasks
import UnrollStudies
import UnrollTraining

extension Command {
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

      Under mpirun -n N, N processes share the rows of the batch and sum their gradients; each has \
      --threads threads, as many as its share of the cores unless given. The numbers are those of one \
      process to rounding. The program must have been built with swift build -c release --traits MPI.

      Ctrl-C saves and stops, and so does closing the terminal. A checkpoint is also saved at each \
      evaluation, and every --checkpoint-every minutes between two; --keep-checkpoints keeps earlier \
      ones beside it. --resume continues from the checkpoint and ends with the same bits as an \
      uninterrupted run with the same number of threads. The data are those that the run began \
      with: a file is known by its content, and may have moved (--file says where to). \
      --accept-changed-data goes on with a file that has changed, with the run's own vocabulary \
      or scaling and without what was appended. A new --learning-rate, and under --reschedule \
      another schedule or a longer one, count from the checkpoint on.

      --model starts a new run from the weights of a file, saved by train or from a PyTorch \
      state_dict. Cell and sizes are the file's, and so are the task, the data, the vocabulary and \
      the scaling where it knows them; optimizer, learning rate and schedule are the new run's.

      --sweep DIR --run ID makes one run of a sweep again, with all of its files.

      A folder holds one run. What an earlier one left in --out is moved into a folder \
      earlier-… inside.

      --watch-decay EVERY measures how the gradient decays backward through time, on a fixed \
      batch of validation sequences, before training and after every EVERY updates. It writes \
      decay-over-training.csv and a figure that also shows the loss. --loss-at says which loss \
      is differentiated.

      --tensorboard writes an event file into the folder, so that tensorboard --logdir runs shows the \
      run: the losses, the norm of the gradient before clipping, whether it was clipped and the \
      learning rate; histograms of weights and gradients at evaluations; with --watch-decay the rate, \
      half-life and horizon of the curve that its figure shows, and at the end the figure. A resumed \
      run goes on with another file beside it.

      The backward pass needs the states of all steps of a window. Where they do not fit the \
      machine's memory, --recompute auto keeps a state about every √T steps and runs the steps \
      between two of them forward again (Gruslys et al. 2016). every:N and memory:SIZE choose; \
      SIZE is for weights, data and states, and where it has no room for one state in each N \
      steps, steps are run more than twice. Gradients are the same, to the bit.

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
        "solve-every", "model", "recurrent", "readout", "window", "recompute", "clip", "seed",
        "data-seed",
        "precision", "threads", "kernels", "sweep", "run", "resume",
        "accept-changed-data", "reschedule", "watch-decay", "loss-at", "tensorboard",
        "checkpoint-every", "keep-checkpoints")
      + OptionTable.runRows,
    freeOnResume: ResumeOptions.free,
    comparing: Variation.sweepComparing, sharesWork: true
  ) { arguments, terminal in
    let ranks = Ranks.present
    let start = try ranks.agree {
      try arguments.requireKernels()
      var arguments = arguments
      if let folder = arguments[optional: .sweep] {
        arguments = try SweptRun(arguments, folder: folder, terminal: terminal).arguments
      } else if arguments.wasTyped(.run) {
        throw arguments.rejection(of: .run, accepted: "left out without --sweep")
      }
      return try TrainingStart(arguments, terminal: terminal)
    }
    try ranks.requireSame(start.data.map { ("--\($0.option)", $0.fingerprint.sha256) })
    return start.plan.isDouble
      ? try run(start, ranks, terminal, as: Double.self)
      : try run(start, ranks, terminal, as: Float.self)
  }

  /// Trains: rank 0 with a folder, the others with their rows alone.
  private static func run<Element: Scalar>(
    _ start: TrainingStart, _ ranks: Ranks, _ terminal: Terminal, as type: Element.Type
  ) throws -> ExitStatus {
    // Everything is read before rank 0 writes into a folder that it may be read from.
    let run = try ranks.agree { try TrainingRun<Element>(start, ranks: ranks, terminal: terminal) }
    let session = try ranks.agree {
      ranks.isFirst ? try TrainingSession(start, run, terminal: terminal) : nil
    }
    if let session { return try session.run() }
    Interrupt.install()
    let outcome = try run.measure(after: run.train())
    return try ranks.agree { outcome.status }
  }
}

extension OptionSpec {
  /// The task by its place; a resumed or replayed run's file names it as well.
  static let taskArgument = OptionSpec.argument(
    .task, .choice(TaskTable.all.map(\.name)),
    default: .value("adding", shown: "adding, or that of --resume, --model or --config"),
    "what the model learns")
}

extension Arguments {
  /// The task given by its place.
  ///
  /// - Throws: `UsageError.missing`.
  func taskName() throws -> String { try required(.task) }
}
