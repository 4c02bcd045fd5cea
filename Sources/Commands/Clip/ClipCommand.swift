import UnrollCommandLine
import UnrollOptimization
import UnrollReports
import UnrollStudies
import UnrollTraining

extension Command {
  /// `unroll clip TASK`.
  static let clip = Command(
    name: "clip",
    arguments: [
      .taskArgument.overriding(default: .value("adding", shown: "adding, or that of --config"))
    ],
    summary: "the same training under each clipping threshold, over several seeds",
    discussion: """
      Trains every cell under every threshold for every seed. As many runs are made at a time as there \
      are threads, each on one thread, so a run's numbers are those of unroll train with \
      --stop-when-solved --threads 1. A run stops when the task is solved. It has diverged if it became \
      non-finite or its final loss is above 10 times the baseline. A task without a criterion of its \
      own is solved only under --solve-at.

      The rules are none and, for a gradient g, \(Clipping.formulas). A bare number is norm:.

      A threshold such as 2x (or norm:2x) is twice the mean norm over the first --norm-steps updates of \
      the same cell, window and seed without clipping. Pascanu et al. 2013 recommend from half to ten \
      times.

      For each run clip.csv has the share of updates that were clipped, the effective step (the mean \
      of ‖clipped‖/‖unclipped‖) and the mean angle between the two gradients in degrees, which is 0 \
      for rules that scale the whole gradient. Under state:τ, which clips in the backward pass, both \
      are means over every \(ClippingEffect.stateInterval)th update, and the norm is that of the gradient \
      after clipping.

      The folder holds clip.csv (a row for each run), clip.svg, clip.png and summary.json. To continue \
      an interrupted comparison, or to add seeds, thresholds, windows or cells, repeat it with the \
      same --out: only the missing runs are made. Under mpirun -n N, N processes share the runs, and \
      there is no live table: a line is written when a run ends.

      --surface shows why clipping helps. It draws the error of one recurrent unit over its two \
      parameters, x_t = w·σ(x_(t-1)) + b, x_0 = 0.5, E = (σ(x_50) - 0.7)², whose gradient explodes \
      along a wall (Pascanu, Mikolov & Bengio 2013, figure 6), and the path of gradient descent under \
      each of --thresholds (default none,1). It starts at --start and makes --steps updates (default \
      500) with --learning-rate (default 0.08); other options are not accepted. The folder holds \
      surface.csv, path.csv, clip-surface.svg, .png and .gp, and summary.json.
      """,
    examples: [
      Example(
        line: "unroll clip adding --length 50 --cells rnn,lstm --thresholds none,0.1,1,10",
        explanation: "which thresholds let which cell learn to add"),
      Example(
        line: "unroll clip adding --cells lstm --thresholds none,0.5x,2x,10x,auto:10,agc:0.01",
        explanation: "thresholds in units of the mean norm, beside rules that adapt"),
      Example(
        line: "unroll clip temporal-order --cells lstm --windows full,50,10:50 --seeds 3",
        explanation: "how many steps backpropagation needs, under one clipping rule"),
      Example(
        line: "unroll clip --surface --thresholds none,0.1,1",
        explanation: "descent on a surface with a cliff, with and without clipping"),
    ],
    options: OptionTable.rows(
      "length", "file", "vocabulary", "column", "columns", "target", "holdout", "validation",
      "test",
      "validation-sequences", "inputs", "targets", "missing", "decimal",
      "order", "no-header", "shuffle", "cells", "activation", "init",
      "forget-bias", "initial-state", "hidden", "layers"
    ).map(lighter)
      + OptionTable.trainingRows.filter { $0.name != "stop-when-solved" }.map(lighter)
      + [
        OptionTable.row("thresholds").overriding(
          default: .described("\(ClipSweep.defaultThresholds); with --windows, that of --clip")),
        OptionTable.row("norm-steps"), OptionTable.row("windows"), oneRule,
      ] + OptionTable.rows("surface", "start")
      + OptionTable.rows("seed") + [OptionTable.comparedSeeds] + OptionTable.rows("precision")
      + [OptionTable.row("threads").overriding(summary: "runs at a time, each on one thread")]
      + OptionTable.rows("kernels")
      + OptionTable.runRows,
    comparing: comparingRules, sharesWork: true
  ) { arguments, terminal in
    let ranks = Ranks.present
    if arguments[.surface] {
      return try ranks.agree {
        ranks.isFirst ? try SurfaceSession(arguments, terminal: terminal).run() : .done
      }
    }
    let comparison = try ranks.agree {
      if arguments.wasTyped(.start) {
        throw arguments.rejection(of: .start, accepted: "left out without --surface")
      }
      try arguments.requireKernels()
      return try ClipComparison(arguments)
    }
    try ranks.requireSame(
      arguments.inputFiles().map { ("--\($0.option)", $0.fingerprint.sha256) })
    let session = try ranks.agree {
      ranks.isFirst ? try ClipSession(comparison, ranks: ranks, terminal: terminal) : nil
    }
    if let session { return try session.run() }
    Interrupt.install()
    try comparison.helper(for: ranks).work()
    return try ranks.agree { .done }
  }

  /// A comparison makes dozens of runs, so its defaults are smaller than those of `train`.
  private static func lighter(_ row: OptionSpec) -> OptionSpec {
    let defaults = ["length": "50", "hidden": "64", "steps": "4000"]
    return defaults[row.name].map { row.overriding(default: .value($0)) } ?? row
  }

  /// `--clip` is a list of one rule; `config.json` records it as `--thresholds`.
  private static let oneRule = OptionSpec(
    .clip, .clipping, "RULE", default: .described("norm:1"), group: .training, isRecorded: false,
    "the one rule under which --windows are compared; excludes --thresholds")

  /// What compares several rules that were given to `--clip`, or several values of another option.
  @Sendable private static func comparingRules(_ spec: OptionSpec, _ text: String) -> String? {
    guard let remedy = Variation.sweepComparing(spec, text) else { return nil }
    return spec.name == oneRule.name ? "--thresholds \(text.shown)" : remedy
  }
}
