import UnrollCommandLine
import UnrollDenseMath
import UnrollOptimization
import UnrollReports

extension Command {
  /// `unroll depth`.
  static let depth = Command(
    name: "depth",
    summary: "measures the gradient through the layers of feed-forward networks",
    discussion: """
      Measures each stack layer by layer: the norm of the loss's gradient with respect to the \
      layer's outputs h (averaged over the rows of one batch), weights and bias; the size of an \
      update relative to the weights, if --steps trains; and the state of the units, with the \
      shares that are dead or saturated and the mean and spread of the activations. The task is \
      to tell two spirals apart, with two inputs, two classes and cross-entropy. Every update \
      uses the whole batch. All arithmetic is in double precision.

      A stack is an activation (\(Activation.names)) or \
      maxout:K, the largest of K linear pieces, with options after slashes: init=…, batch-norm, \
      residual. Residual connections join the layers whose inputs and outputs have one width.

      --model measures a network of PyTorch's instead, the state_dict of an nn.Sequential saved with \
      safetensors, on the batch of --inputs. Each nn.Linear but the last is a layer, with an \
      nn.BatchNorm1d and an activation behind it; the last is the readout. What has no tensors shows \
      as a gap in the numbers of the modules: the first gap behind a layer is its activation, which \
      --activation or the file's metadata 'activation' names; dropout is left out. Without a gap there \
      is none, but where a file has no gap anywhere, as of an nn.ModuleList, an activation that is \
      named follows each layer. The file of --inputs has x [B, I] and either targets y (floats [B, O] for the \
      squared error, integers [B] for the cross-entropy) or g [B, O], the gradient of any loss by the \
      outputs (out.grad). Norms are then those of the loss that g is of, a factor 1/B included. \
      Outputs in the file are compared with the model's own. Batch normalization takes the batch's own \
      statistics, as in training; its ε is 1e-5, or the metadata's 'batch_norm_eps'.

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
        line: "unroll depth --model mlp.safetensors --inputs batch.safetensors --activation relu",
        explanation: "the gradient through the layers of a PyTorch model, on a batch of its data"),
    ],
    options: [
      OptionTable.row("layers").overriding(
        form: .integer(1...1_000), default: .value("20"), summary: "layers of a stack"),
      OptionTable.row("width"), OptionTable.row("stacks"),
      OptionTable.row("model").overriding(
        summary: "safetensors file of a PyTorch nn.Sequential to measure instead"),
      OptionTable.row("inputs").overriding(
        summary: "file with the batch x, and y or g, for --model: safetensors or .npz"),
      OptionTable.row("activation").overriding(
        default: .described("the file's"),
        summary: "activation between the layers of --model: relu"),
      OptionTable.row("readout").overriding(
        form: .choice(["last", "none"]), default: .value("last"),
        summary:
          "whether the last nn.Linear of --model is the readout, without an activation, or a "
          + "layer as the others"),
      OptionTable.row("statistics"),
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
    ] + OptionTable.rows("l1", "l2", "seed") + OptionTable.runRows
  ) { arguments, terminal in
    try DepthSession(arguments, terminal: terminal).run()
  }
}
