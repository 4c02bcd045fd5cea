import UnrollCommandLine
import UnrollFileFormats
import UnrollStudies
import UnrollTraining

extension OptionKey<String> {
  static var grid: OptionKey { OptionKey("grid") }
  static var stop: OptionKey { OptionKey("stop") }
  static var keep: OptionKey { OptionKey("keep") }
  static var against: OptionKey { OptionKey("against") }
}

extension Command {
  /// `unroll sweep TASK`.
  static let sweep = Command(
    name: "sweep",
    arguments: [
      .taskArgument.overriding(default: .value("adding", shown: "adding, or that of --config"))
    ],
    summary: "the same training with options varied, over several seeds",
    discussion: """
      Trains every combination of the values of --vary (or every row of --grid) for every seed, and \
      compares the settings honestly. Any option of train can be varied, the task included \
      (--vary task=adding,copy); seeds are counted. As many runs are made at a time as there are \
      threads, each on one thread, so a run's numbers are those of unroll train --threads 1.

      Runs are paired: the same seed gives the same data and, where shapes agree, the same initial \
      weights. --data-seed gives all runs the same data, so that seeds vary the weights alone.

      Under --stop never every run makes all of its updates, so that losses are compared at the same \
      update; under solved a run ends when its task is solved. A run has diverged if it became \
      non-finite or its loss at the end is above 10 times the baseline.

      A clip value such as 2x is twice the mean norm over the first --norm-steps updates of the same \
      run without clipping.

      The folder holds runs.csv (a row for each run), groups.csv (a row for each setting), norms.csv \
      (mean norms), sweep.svg, sweep.png, config.json and summary.json. updates_to_solve of a group is \
      the number of updates by which half of its runs had solved the task, unsolved ones included. \
      solved_low and solved_high are the 95% interval of the solved share (Wilson), loss_low and \
      loss_high that of the median loss, from the order of the runs alone.

      On the figure's horizontal axis lies, of the options whose values are numbers, the one with most \
      values; of several, the first given. Each combination of the others is a line; where these are \
      more than six, the first of them has a panel for each value.

      --against SETTING compares every other setting with that one, seed by seed, in pairs.csv: the \
      median difference of the losses with its 95% interval, Wilcoxon's signed-rank test and, for \
      what was solved, McNemar's, both exact, and adjusted by Holm's procedure. clip=none compares \
      each setting with the one that differs from it by clip=none. It may be one that the folder has \
      from an earlier call.

      To continue an interrupted sweep, or to add values, settings or seeds, repeat it with the same \
      --out: only the missing runs are made. --seeds 10-12 adds those seeds. --shard I/N makes the I-th of N shares of the runs; \
      unroll merge joins their folders. Under mpirun -n N, N processes share the runs, each --threads \
      at a time, and the first alone writes; the program must have been built with swift build -c \
      release --traits MPI. Launchers may pass on what is shown to a file, so that there is no live \
      table then, and the runs done are counted every minute.

      --tensorboard records each run for TensorBoard in runs/ID, as train does, with its setting and its \
      results: tensorboard --logdir DIR shows the curves, and under HPARAMS a table of the settings \
      with the means over their seeds.

      --config takes the options of an earlier sweep, or those of a run of unroll train, which all runs \
      then have. --vary beside it replaces the values of the options that it names; those of the others \
      come from the file, so that --config DIR/config.json --out DIR --vary clip=5 adds a threshold.

      The last digits of a run depend on the kernels. --kernels avx2 has them the same on machines of \
      different kinds, and merge refuses runs of different kernels without --mixed.
      """,
    examples: [
      Example(
        line: "unroll sweep adding --length 50 --vary learning-rate=1e-3,3e-3 --vary cell=rnn,lstm",
        explanation: "which cell needs which learning rate"),
      Example(
        line: "unroll sweep adding --vary clip=none,1,2x --seeds 10 --against clip=none",
        explanation: "whether clipping helps, with intervals and tests"),
      Example(
        line: "unroll sweep text --file book.txt --grid settings.csv --seeds 3",
        explanation: "the settings that the rows of a table name"),
    ],
    options: [
      OptionSpec(
        .vary, .variations, "OPTION=LIST", group: .sweep,
        "an option of train and its values: learning-rate=1e-3,3e-3; may be given again"),
      OptionSpec(
        .grid, .text(), "FILE", group: .sweep, isPath: true,
        "CSV file with a row for each setting and a column for each option, instead of --vary"),
      OptionTable.comparedSeeds,
      OptionSpec(
        .stop, .choice(["never", "solved"]), default: .value("never"), group: .sweep,
        "whether a run ends when its task is solved"),
      OptionTable.row("norm-steps"),
      OptionSpec(
        .keep, .choice(KeptFiles.allCases.map(\.rawValue)), default: .value("none"),
        group: .sweep, "what is kept of each run in runs/ID: its metrics, or its models too"),
      OptionSpec(
        .against, .setting, "SETTING", group: .sweep,
        "setting that others are compared with, seed by seed: clip=none"),
      OptionSpec(
        .shard, .shard, "I/N", group: .sweep, isRecorded: false,
        "make the I-th of N shares of the runs"),
    ]
      + Command.train.options.filter { VariedOption.isShared($0) || $0.name == "seed" }
      + [OptionTable.row("threads").overriding(summary: "runs at a time, each on one thread")]
      + OptionTable.rows("kernels")
      + [
        OptionTable.row("tensorboard").overriding(
          summary:
            "also write event files for TensorBoard into runs/ID: scalars, histograms, hparams")
      ]
      + OptionTable.runRows,
    configsOf: [
      .init(
        of: "train",
        passingOver: Set(
          Command.train.options.filter { !VariedOption.isShared($0) }.map(\.name)
        ).subtracting(["seed", "kernels", "tensorboard"]),
        telling: ["stop-when-solved", "watch-decay"])
    ],
    comparing: Variation.comparing, sharesWork: true
  ) { arguments, terminal in
    let ranks = Ranks.present
    let plan = try ranks.agree {
      try arguments.requireKernels()
      return try SweepPlan(arguments, isFirst: ranks.isFirst, terminal: terminal)
    }
    try ranks.requireSame([("runs (their settings and data) named", plan.digest)])
    let session = try ranks.agree {
      ranks.isFirst ? try SweepSession(plan, ranks: ranks, terminal: terminal) : nil
    }
    let folder = ranks.broadcast(AbsolutePath.of(session?.folder ?? ""))
    try ranks.agree { try plan.requireKeeping(in: folder) }
    if let session { return try session.run() }
    Interrupt.install()
    try plan.helper(for: ranks, folder: folder).work()
    return try ranks.agree { .done }
  }
}
