import UnrollCommandLine
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollRecurrentCells
import UnrollReports
import UnrollSequenceTasks
import UnrollStudies
import UnrollText
import UnrollTraining

/// Every shared option, once. A command picks its rows by name.
enum OptionTable {
  /// The row named `name`, which must be in the table.
  static func row(_ name: String) -> OptionSpec {
    guard let spec = all.first(where: { $0.name == name }) else {
      requirementFailed("expected a row of the option table, got '\(name)'")
    }
    return spec
  }

  /// The rows named, in the order given.
  static func rows(_ names: String...) -> [OptionSpec] { names.map(row) }

  /// The rows every command that makes a run folder has.
  static let runRows = rows("config", "out", "json", "quiet")

  /// The rows every command that trains has.
  static let trainingRows = rows(
    "steps", "batch", "l1", "l2", "regularize", "eval-every", "solve-at", "stop-when-solved",
    "on-nonfinite",
    "optimizer", "learning-rate", "momentum", "beta1", "beta2", "epsilon", "rmsprop-decay",
    "weight-decay", "schedule", "warmup", "schedule-every", "schedule-factor")

  static let all: [OptionSpec] = task + model + training + optimizer + measuring + run

  private static let task: [OptionSpec] = [
    OptionSpec(
      .task, .text(), "TASK", default: .value("adding"), group: .task, "what the model learns"),
    OptionSpec(
      .length, .integer(1...1_000_000), "T", default: .value("100"), group: .task,
      "time steps of a generated sequence"),
    OptionSpec(
      .sequences, .integer(1...1_000_000), "N", default: .described("20; all of --inputs"),
      group: .task, "sequences to write"),
    OptionSpec(
      .part, .choice(Split.allCases.map(\.exportName)), "PART",
      default: .described("what decay measures on"), group: .task, "part of the data"),
    OptionSpec(
      .file, .text(), "FILE", group: .task, isPath: true, "text or CSV file to learn from"),
    OptionSpec(
      .column, .text(), "NAME", group: .task, "column of the CSV file, read and predicted"),
    OptionSpec(
      .columns, .text(), "LIST", group: .task,
      "columns of the CSV file that are read, instead of --column: load,wind"),
    OptionSpec(
      .target, .text(), "LIST", default: .described("all --columns"), group: .task,
      "columns that are predicted: load"),
    OptionSpec(
      .holdout, .integer(1...1_000_000_000), "N", default: .described("a fifth"), group: .task,
      "last values of a series, kept for the test; the N before them are for validation"),
    OptionSpec(
      .vocabulary, .integer(1...0x10_FFFF), "N", default: .described("all"), group: .task,
      "characters of a text that are told apart, the most frequent; others are not predicted"),
    OptionSpec(
      .validation, .heldOutPart, "PART", default: .described("5% of a text; else none"),
      group: .task,
      "data to choose the best weights by, before the test's: 0.1, 10%, a number, or a file of "
        + "sequences"),
    OptionSpec(
      .test, .heldOutPart, "PART", default: .described("5% of a text; else none"), group: .task,
      "data of the test, which is read once: 0.1 or 10% of the end, a number, or a file of "
        + "sequences"),
    OptionSpec(
      .validationSequences, .integer(1...1_000_000_000), "N", default: .value("1000"),
      group: .task, "validation sequences of a generated task"),
    OptionSpec(
      .testSequences, .integer(1...1_000_000_000), "N", default: .value("1000"), group: .task,
      "test sequences of a generated task"),
    OptionSpec(
      .inputs, .text(), "FILE", group: .task, isPath: true,
      "file with sequences x and targets y: safetensors, .npz or .npy"),
    OptionSpec(
      .targets, .targets, "FILE|last|every", group: .task,
      "file with the targets y, where --inputs has none, or the steps of the targets, where their "
        + "shape leaves it open, or both: y.npy,every"),
    OptionSpec(
      .missing, .choice(MissingValues.allCases.map(\.rawValue)), default: .value("refuse"),
      group: .task,
      "missing values of a series: refuse, take the one before, interpolate, or mask as targets; "
        + "of arrays: refuse, or mask targets of NaN"),
    OptionSpec(
      .decimal, .choice(DecimalMark.allCases.map(\.rawValue)), default: .described("point"),
      group: .task, "decimal mark of a CSV file whose numbers have groups of thousands or commas"),
    OptionSpec(
      .order, .choice(RowOrder.allCases.map(\.rawValue)), default: .value("ascending"),
      group: .task, "order of a series' rows: by their dates or index, or as-is in the file"),
    OptionSpec(
      .noHeader, .flag, group: .task, "the CSV file starts with data; columns have numbers"),
    OptionSpec(
      .shuffle, .flag, group: .task, "take the file's sequences in a seeded random order"),
  ]

  private static let cellNames = CellKind.builtIn.map(\.name).joined(separator: ", ")

  private static let model: [OptionSpec] = [
    OptionSpec(
      .cell, .cell, "CELL", default: .value("lstm"), group: .model,
      "cell (\(cellNames)), with model options after slashes: rnn/activation=relu"),
    OptionSpec(
      .cells, .cells, "LIST", default: .value("rnn,lstm"), group: .model,
      "cells to compare (\(cellNames)), separated by commas: rnn,lstm/forget-bias=0"),
    OptionSpec(
      .activation, .activation, "NAME", default: .described("tanh"), group: .model,
      "activation of the \(CellOption.activation.takers) cell: \(Activation.accepted); "
        + "rrelu has its mean slope there"),
    OptionSpec(
      .initializer, .initializer, "NAME", default: .value("pytorch"), group: .model,
      "weight initializer: \(Initializer.formulas)"),
    OptionSpec(
      .forgetBias, .forgetBias, "B",
      default: .described("1 for \(CellOption.forgetBias.takers)"), group: .model,
      "sum of the LSTM's two forget biases; none keeps the initializer's"),
    OptionSpec(
      .initialState, .choice(["zero", "learned"]), default: .value("zero"), group: .model,
      "state before the first step"),
    OptionSpec(
      .input, .integer(1...65_536), "I", default: .value("2"), group: .model,
      "size of the input at each step"),
    OptionSpec(
      .hidden, .integer(1...65_536), "H", default: .value("128"), group: .model,
      "hidden units in each layer"),
    OptionSpec(
      .layers, .integer(1...64), "N", default: .value("1"), group: .model, "stacked layers"),
    OptionSpec(
      .stacks, .stacks, "LIST", default: .value("sigmoid,relu/init=he"), group: .model,
      "stacks to compare, separated by commas: sigmoid,relu/init=he"),
    OptionSpec(
      .width, .integers(1...4_096), "LIST", default: .value("64"), group: .model,
      "units in each layer of a stack; several between commas are taken in turn: 64,128"),
    OptionSpec(
      .model, .file(named: "model.safetensors"), "FILE", group: .model, isPath: true,
      "safetensors file with the weights, saved by train or from a PyTorch state_dict; or a run's "
        + "folder"),
    OptionSpec(
      .recurrent, .text(), "NAME", default: .described("the only one"), group: .model,
      "the file's module that is the nn.RNN, nn.LSTM or nn.GRU, where it has several"),
    OptionSpec(
      .readout, .text(), "NAME", default: .described("the only one that fits"), group: .model,
      "the file's linear layer that reads the hidden state, where several do"),
    OptionSpec(
      .statistics, .choice(["batch", "running"]), default: .value("batch"), group: .model,
      "means and variances of --model's batch normalization: the batch's, as in training, or the "
        + "file's running ones, as after model.eval()"),
  ]

  private static let training: [OptionSpec] = [
    OptionSpec(
      .steps, .integer(0...1_000_000_000), "N", default: .value("8000"), group: .training,
      "parameter updates, counted from the start of the run"),
    OptionSpec(
      .batch, .integer(1...65_536), "B", default: .value("20"), group: .training,
      "sequences in a batch"),
    OptionSpec(
      .window, .window, "K1:K2", default: .described("full; 100 for streams"), group: .training,
      "truncated backpropagation: update every K1 steps, backpropagate through K2"),
    OptionSpec(
      .recompute, .recompute, "HOW", default: .value("auto"), group: .training,
      "states kept for the backward pass: every:N keeps one every N steps, memory:SIZE as many as "
        + "fit, and runs the others again; auto does where not all would fit"),
    OptionSpec(
      .windows, .windows, "LIST", default: .described("the task's own"), group: .training,
      "windows to compare, separated by commas: full,50,10:50"),
    OptionSpec(
      .clip, .clipping, "RULE", default: .value("norm:1"), group: .training,
      "gradient clipping: none, \(Clipping.summary)"
    ),
    OptionSpec(
      .thresholds, .thresholds, "LIST", default: .value("none,0.1,1,10"), group: .training,
      "clipping rules to compare, separated by commas; a bare number means norm:, and 2x means twice "
        + "the mean norm before clipping"),
    OptionSpec(
      .normSteps, .integer(1...1_000_000_000), "N", default: .value("500"), group: .training,
      "updates without clipping over which the mean norm is taken, for thresholds such as 2x"),
    OptionSpec(
      .l1, .real(.nonNegative), "λ", default: .value("0"), group: .training,
      "adds λ‖θ‖₁ to the loss"),
    OptionSpec(
      .l2, .real(.nonNegative), "λ", default: .value("0"), group: .training,
      "adds ½λ‖θ‖² to the loss"),
    OptionSpec(
      .regularize, .regularizer, "TERM", default: .described("none"), group: .training,
      formerName: "regularise",
      "vanishing-gradient regularizer for rnn: none, or omega:α to add αΩ to the loss"),
    OptionSpec(
      .pretrain, .integer(0...1_000_000_000), "N", default: .value("0"), group: .training,
      "updates to pre-train each layer as an autoencoder, starting at the input"),
    OptionSpec(
      .evalEvery, .integer(1...1_000_000_000), "N", default: .value("250"), group: .training,
      "updates between two evaluations of the validation loss"),
    OptionSpec(
      .solveAt, .real(.finite), "X", default: .described("the task's own"), group: .training,
      "validation score at which the task counts as solved"),
    OptionSpec(
      .solveEvery, .integer(1...1_000_000_000), "N", default: .described("that of --eval-every"),
      group: .training,
      "updates between two looks at whether the task is solved, which do not choose the best weights"
    ),
    OptionSpec(.stopWhenSolved, .flag, group: .training, "stop at the first solved evaluation"),
    OptionSpec(
      .onNonfinite, .choice(["stop", "skip"]), default: .value("stop"), group: .training,
      "when a loss or gradient is not finite, stop training or skip the update"),
  ]

  private static let optimizer: [OptionSpec] = [
    OptionSpec(
      .optimizer, .choice(OptimizerKind.allCases.map(\.rawValue)),
      default: .value("adam"), group: .optimizer, "update rule"),
    OptionSpec(
      .learningRate, .real(.positive), "η", default: .value("0.001"), group: .optimizer,
      "learning rate"),
    OptionSpec(
      .momentum, .real(.decay), "μ", default: .value("0.9"), group: .optimizer,
      "share of the last update that momentum keeps"),
    OptionSpec(
      .beta1, .real(.decay), "β₁", default: .value("0.9"), group: .optimizer,
      "decay of Adam's first moment"),
    OptionSpec(
      .beta2, .real(.decay), "β₂", default: .value("0.999"), group: .optimizer,
      "decay of Adam's second moment"),
    OptionSpec(
      .epsilon, .real(.nonNegative), "ε", default: .value("1e-8"), group: .optimizer,
      "added to the denominator of rmsprop and adam"),
    OptionSpec(
      .rmspropDecay, .real(.decay), "ρ", default: .value("0.99"), group: .optimizer,
      "decay of rmsprop's mean square"),
    OptionSpec(
      .weightDecay, .real(.nonNegative), "λ", default: .value("0"), group: .optimizer,
      "weight decay by the optimizer, after clipping; decoupled in adamw"),
    OptionSpec(
      .schedule, .choice(["constant", "step", "cosine"]), default: .value("constant"),
      group: .optimizer, "how the learning rate changes"),
    OptionSpec(
      .warmup, .integer(0...1_000_000_000), "N", default: .value("0"), group: .optimizer,
      "updates over which the learning rate rises from 0"),
    OptionSpec(
      .scheduleEvery, .integer(1...1_000_000_000), "N", default: .value("1000"),
      group: .optimizer,
      "updates between two drops of the step schedule"),
    OptionSpec(
      .scheduleFactor, .real(.shrinking), "γ", default: .value("0.5"), group: .optimizer,
      "factor by which the step schedule lowers the learning rate"),
  ]

  private static let measuring: [OptionSpec] = [
    OptionSpec(
      .lossAt, .choice(["last", "all"]), default: .value("last"), group: .measuring,
      "steps whose loss is differentiated: the last one with a target, or all"),
    OptionSpec(
      .expect, .text(), "FILE", group: .measuring, isPath: true,
      "safetensors file with the model's outputs as PyTorch computed them, which must agree"),
    OptionSpec(
      .watchDecay, .integer(1...1_000_000_000), "EVERY", group: .measuring,
      "measure decay curves on a fixed batch, before training and after every EVERY updates"),
    OptionSpec(
      .runs, .texts, "DIRS", group: .measuring, isPath: true,
      "folders of earlier runs of decay or train to show on the same figure, separated by commas"),
    OptionSpec(
      .truncation, .integers(1...1_000_000), "LIST", group: .measuring,
      "numbers of steps after which to cut the gradient and compare it with the whole: 1,2,5,10"),
    OptionSpec(
      .exponents, .flag, group: .measuring,
      "measure Lyapunov exponents, singular values of Jacobians, and the bound set by W_hh"),
    OptionSpec(
      .exponentSteps, .integer(1...1_000_000), "N", default: .described("the sequences' own"),
      group: .measuring,
      "steps along which exponents are measured, with the inputs repeated end to end"),
    OptionSpec(
      .exponentWarmup, .integer(0...1_000_000), "N", default: .described("a fifth of the steps"),
      group: .measuring, "steps at either end that do not count"),
    OptionSpec(
      .exponentCount, .integer(1...131_072), "N", default: .described("all"),
      group: .measuring, "only the N largest exponents, and no singular values: for large cells"),
    OptionSpec(
      .remedies, .flag, group: .measuring,
      "how far the gradient reaches, how far the task needs it, and which changes would help: other "
        + "forget biases, initializers and cells, with what they cost in time"),
    OptionSpec(
      .needs, .integer(1...999_999), "K", default: .described("the task's own"),
      group: .measuring, "lag, in steps before the loss, that --remedies is to reach"),
    OptionSpec(
      .npz, .flag, group: .measuring,
      "also write decay.npz: the columns of all tables as NumPy's arrays, and each sequence's norms"
    ),
    OptionSpec(
      .horizon, .integer(1...1_000_000), "N", default: .value("12"), group: .measuring,
      "values to forecast beyond the data"),
    OptionSpec(
      .surface, .flag, group: .measuring,
      "show instead the error of one recurrent unit over its two parameters, with gradient descent"),
    OptionSpec(
      .start, .place, "W,B", default: .described("4.9,-2.3"), group: .measuring,
      "where gradient descent on the --surface starts"),
    OptionSpec(
      .temperature, .real(.nonNegative), "X", default: .value("1"), group: .measuring,
      "divides the logits before sampling: 0 always takes the most likely character, above 1 is "
        + "more random"),
    OptionSpec(
      .characters, .integer(1...1_000_000_000), "N", default: .value("500"), group: .measuring,
      "characters to write"),
    OptionSpec(
      .prompt, .text(allowsEmpty: true), "TEXT", default: .value("", shown: "none"),
      group: .measuring, "text the model reads before it writes"),
    OptionSpec(
      .budget, .real(RealRange(lower: .open(0), upper: .closed(3_600))), "SECONDS",
      default: .value("0.5"), group: .measuring,
      "how long to measure each shape, after a warm-up of a fifth of that time"),
    OptionSpec(
      .subnormals, .flag, group: .measuring,
      "measure steps with and without flushing subnormal numbers to zero"),
    OptionSpec(
      .observer, .flag, group: .measuring,
      "measure steps with and without an observer on every backward step"),
    OptionSpec(
      .serve, .flag, group: .measuring,
      "read shapes from standard input, one JSON object per line, and answer each in milliseconds"),
  ]

  private static let run: [OptionSpec] = [
    OptionSpec(
      .seed, .integer(0...Int.max), "N", default: .value("1"), group: .run,
      "seed of every random number"),
    OptionSpec(
      .dataSeed, .integer(0...Int.max), "N", default: .described("that of --seed"), group: .run,
      "seed of generated data and of --shuffle alone; --seed is then that of the weights"),
    OptionSpec(
      .seeds, .integer(1...10_000), "N", default: .value("5"), group: .run,
      "number of seeds to run, counted up from --seed"),
    OptionSpec(
      .precision, .choice(["float", "double"]), default: .value("float"), group: .run,
      "scalar type of the arithmetic"),
    OptionSpec(
      .threads, .integer(1...mostThreads), "N", default: coreCount, group: .run, "worker threads"),
    OptionSpec(
      .kernels, .kernels, "NAME", default: .described("the best of this CPU"), group: .run,
      "kernels to compute with, on which last digits depend, for the same numbers on several machines: "
        + "avx2, Haswell/avx2"),
    OptionSpec(
      .acceptChangedData, .flag, group: .run, isRecorded: false,
      "resume on a changed file, with the vocabulary, scaling and split of the run"),
    OptionSpec(
      .reschedule, .flag, group: .run, isRecorded: false,
      "resume with another schedule: --schedule and its options, and --steps under cosine"),
    OptionSpec(
      .sweep, .text(), "DIR", group: .run, isRecorded: false,
      "folder of unroll sweep of which --run is made again"),
    OptionSpec(
      .run, .text(), "ID", group: .run, isRecorded: false,
      "run of --sweep, by its name in runs.csv or the beginning of it"),
    OptionSpec(
      .resume, .file(named: "checkpoint.safetensors"), "FILE", group: .run, isRecorded: false,
      "checkpoint to continue from, bit for bit; or the run's folder"),
    OptionSpec(
      .checkpointEvery, .real(RealRange(lower: .open(0), upper: .closed(1e6))), "MINUTES",
      default: .value("10"), group: .run,
      "minutes after which a checkpoint is saved between two evaluations, which save one each"),
    OptionSpec(
      .keepCheckpoints, .integer(1...1_000), "N", default: .value("1"), group: .run,
      "checkpoints to keep: with more than 1, each also under a name with its number of updates"),
    OptionSpec(
      .config, .file(named: "config.json"), "FILE", group: .run, isRecorded: false,
      "read options from a run's config.json, or its folder's; options given here override them"),
    OptionSpec(
      .out, .text(), "DIR", default: .described("a new folder under runs/"), group: .run,
      isRecorded: false, "folder for the run's files"),
    OptionSpec(
      .tensorboard, .flag, group: .run,
      "also write event files for TensorBoard: scalars, histograms, the heat map of --watch-decay"),
    OptionSpec(
      .json, .flag, group: .run, isRecorded: false, "print the result as one JSON object"),
    OptionSpec(
      .quiet, .flag, group: .run, isRecorded: false, "show no progress, only warnings and errors"),
  ]

  /// The row of ``OptionKey/comparedSeeds``, of commands that compare runs.
  static let comparedSeeds = OptionSpec(
    .comparedSeeds,
    .custom(
      accepted: SeedChoice.accepted, normalize: { Int(written: $0).map { String($0) } ?? $0 },
      parse: { SeedChoice($0) }),
    "N", default: .value("5"), group: .run,
    "number of seeds to run, counted up from --seed, or the seeds themselves: 1-3,10-12")

  private static let mostThreads = 1_024
  private static let coreCount = OptionDefault.found(
    { String(min(mostThreads, Ranks.defaultThreads)) }, meaning: "the cores this process may use")
}

extension OptionGroup {
  static let sweep = OptionGroup("sweep", rank: 1)
  static let task = OptionGroup("task and data", rank: 2)
  static let model = OptionGroup("model", rank: 3)
  static let training = OptionGroup("training", rank: 4)
  static let optimizer = OptionGroup("optimizer and learning rate", rank: 5)
  static let measuring = OptionGroup("measuring", rank: 6)
  static let run = OptionGroup("this run", rank: 7)
}
