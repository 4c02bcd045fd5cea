import UnrollCommandLine
import UnrollDenseMath
import UnrollOptimization
import UnrollReports

extension Command {
  /// `unroll depth`.
  static let depth = Command(
    name: "depth",
    summary: "measures the gradient through the layers of feed-forward networks; worked examples",
    discussion: """
      Measures each stack layer by layer: the norm of the loss's gradient with respect to the \
      layer's outputs h (averaged over the rows of one batch), weights and bias; the size of an \
      update relative to the weights, if --steps trains; and the state of the units, with the \
      shares that are dead or saturated and the mean and spread of the activations. The task is \
      to tell two spirals apart, with two inputs, two classes and cross-entropy. Every update \
      uses the whole batch. All arithmetic is in double precision.

      A stack is an activation (\(Activation.names)) with options after slashes: init=…, \
      batch-norm, residual.

      --example runs a worked example with its own networks and data: chain (four sigmoid units, \
      to follow with a pencil), repair, powers, three-hidden, hundred, activations, \
      initializations, dying-relu, learning-rate, pretraining, exploding.

      The folder of the run holds depth.csv, depth.svg, depth.png, depth.gp and summary.json.
      """,
    examples: [
      Example(
        line: "unroll depth --layers 50 --stacks tanh/init=xavier,tanh/init=xavier/residual",
        explanation: "two stacks of 50 layers on one figure, at initialization"),
      Example(
        line: "unroll depth --layers 8 --stacks sigmoid,sigmoid/batch-norm --steps 500",
        explanation: "which stack learns and which stands still over 500 updates"),
      Example(
        line: "unroll depth --example hundred", explanation: "a hundred layers, and three remedies"),
    ],
    options: [
      OptionTable.row("layers").overriding(
        form: .integer(1...1_000), default: .value("20"), summary: "layers of a stack"),
      OptionTable.row("width"), OptionTable.row("stacks"),
      OptionTable.row("batch").overriding(
        form: .integer(2...65_536), default: .value("200"), summary: "points on the two spirals"),
      OptionTable.row("steps").overriding(
        form: .integer(0...1_000_000), default: .value("0"),
        summary: "updates to train before measuring"),
      OptionTable.row("pretrain").overriding(form: .integer(0...1_000_000)),
      OptionTable.row("optimizer").overriding(default: .value("sgd")),
      OptionTable.row("learning-rate").overriding(default: .value("0.05")),
      OptionTable.row("clip").overriding(
        default: .value("none"),
        summary: "gradient clipping: none, "
          + Clipping.forms(of: Clipping.rules.filter { !$0.isRecurrent }) + ", as in train"),
    ] + OptionTable.rows("l1", "l2", "example", "seed") + OptionTable.runRows
  ) { arguments, terminal in
    try DepthSession(arguments, terminal: terminal).run()
  }
}
