import UnrollCommandLine
import UnrollReports
import UnrollSequenceTasks

extension Command {
  /// `decay.csv, contributions.csv, …`.
  private static var tables: String {
    (["decay"] + DecayReport.standardSections.flatMap(\.tableNames)).map { "\($0).csv" }
      .joined(separator: ", ")
  }

  /// `unroll decay`.
  static let decay = Command(
    name: "decay",
    summary: "how the gradient decays through time: curves, fits and a figure",
    discussion: """
      Measures how strongly the loss depends on the state k steps earlier; k is called the lag. For \
      each cell and layer, a decay curve is the norm of the loss's gradient with respect to the \
      hidden state h, the LSTM's cell state c, and the state handed from one step to the next (h and \
      c taken as independent), averaged over the sequences of one batch. Each curve has a fitted \
      rate per step, its half-life, and its horizon: the largest lag at which the norm is at least \
      1% of that at lag 0. The measurement is in double precision, at initialization, after --steps \
      of training, or of a saved model.

      --model takes a model trained by unroll, on its own task, or a PyTorch state_dict saved with \
      safetensors. --inputs measures on all sequences of a file, which holds inputs x and either \
      targets y or, for any head, pooling or loss behind the model, the gradient by its outputs: g \
      (out.grad), g_h (h_n.grad), g_c (c_n.grad); beside these, h_0 and c_0 are the states that the \
      rows start from. Outputs in the file or in that of --expect are \
      compared with the model's own. For a text or a series, the batch is stretches of --length \
      steps of its training part.

      Where gradient enters at more than one step (--loss-at all, or such a g), a curve shows what \
      enters as well as how it fades. Its verdict is injected, and it has no half-life or horizon. \
      Beside it is the curve of what enters at each sequence's last step: h_last, c_last, state_last.

      contributions.csv has what each step adds to the gradients of W_hh and W_ih: the Frobenius \
      norm (root of the sum of squares) of that step's part. The gradient of the batch's mean loss \
      is the sum of these parts.

      gates.csv shows what the gates alone would leave of the gradient. The LSTM multiplies c by its \
      forget gate at each step, the GRU multiplies h by its update gate. The file has the logarithm \
      of the decay, that of what is left where each unit's gradient passes its own gates alone, and \
      that of the product of the gates' mean over units. formats.csv has the largest element of the \
      gradient at each lag, and the share that is subnormal in float32 (below its normal range, and \
      held with fewer digits). The summary says at which lag float16, bfloat16 and float32 run out of \
      range; dashed lines in the figures show it.

      --truncation cuts the gradient of the loss at the last step after K steps and compares it with \
      the whole gradient, parameter by parameter (truncation.csv): cosine, ratio of norms, relative \
      bias, and the bias expected from the decay curve.

      --exponents measures the Jacobian ∂s_t/∂s_{t−1} layer by layer: the matrix of derivatives of \
      the state s (h, or h and c taken as independent) by the state one step before, with the \
      layer's input held fixed. The exponents of the whole stack are those of all its layers. A \
      Lyapunov exponent is the mean logarithm of the factor by which a step stretches the state in \
      one direction. exponents.csv has all of them, found by QR along each sequence in Float64: the \
      mean over the sequences, in ln per step, and the standard deviation among them. \
      exponents-convergence.csv has the estimates of the ten largest after fewer steps. \
      singular-values.csv has ln of the singular values of ∂s_T/∂s_{T−k} for the batch's first \
      sequence. A direction that one step shrinks below √n·2⁻⁵¹ of W_hh's Frobenius norm (n is the \
      size of s) cannot be told from one that is lost, as by a ReLU that is off or a singular W_hh: \
      its exponent is -inf in CSV and null in JSON. The summary also has the spectral radius of W_hh \
      (the largest absolute eigenvalue; for cells with one gate), its largest singular value, and that value \
      times the activation's largest slope. The product bounds every step's factor; it is given for \
      rnn with one layer and is null otherwise. The slope is 1 for identity, tanh and relu, ¼ for \
      sigmoid, and for leaky-relu, prelu and elu 1 or the slope or α, whichever is larger.

      --remedies says how far each model's gradient reaches, how far the task needs it, and what would \
      help. Reach is the horizon above, of the first layer, along the path state. \
      The lag needed is the task's own: the largest one between the loss and an input that the \
      answer depends on (adding T−1, temporal-order 0.9 T, copy T+10); --needs K says it for other \
      data. Each change is measured on the same batch with the same seed: forget biases of 1, 3 \
      and ln T for the lstm; an orthogonal W_hh; for the rnn W_hh = I with ReLU; the gru and the lstm in \
      place of other cells. A model that is trained or read from a file keeps its weights where a \
      forget bias is changed; other changes need fresh weights, which the table says, with the same \
      cell's own fresh weights beside them. A change helps where at least 1% of the gradient at lag 0 is left at the \
      lag needed, and none anywhere exceeds 100 times that at lag 0: a gradient that explodes is no remedy. \
      --window shows what is left of each reach where training cuts the gradient off. The time is that \
      of the updates of a batch, measured in turns with the model as given. remedies.csv has the \
      numbers, remedies-curves.csv the curves, and remedies-times.csv the times, which differ from \
      run to run.

      Sequences of any length are measured: states that do not fit into memory are computed again \
      (--recompute; unroll help train says how). No number depends on it.

      --runs adds earlier runs to the figure: the curves of unroll decay, or the last weights of \
      unroll train, measured on this run's batch. Without --cells and without options of fresh \
      models, only the earlier runs are shown, and the task is that of the first trained run.

      With --seeds above 1, every cell is initialized, or trained, once for each seed and measured \
      on the same batch. The curves and fits of the summary, the table and the figure are then those \
      of the means over seeds, with bands and intervals over seeds. Other figures and tables show \
      the first seed; their CSV files and the summary have every seed.

      The folder holds \(tables), figures (.svg, .png, .gp; one for the exponents) and \
      summary.json. --npz adds decay.npz for NumPy: each column of each table is an array, such as \
      decay/norm_mean or gates/lag, and decay/norms has for each row of decay.csv the norm of every \
      sequence of the batch.
      """,
    examples: [
      Example(
        line: "unroll decay --cells rnn,lstm --truncation 1,2,5,10,20,50",
        explanation: "how wrong the gradient is when it is cut after K steps"),
      Example(
        line: "unroll decay --cells rnn,gru --hidden 64 --exponents --exponent-steps 1000",
        explanation: "Lyapunov spectra over 1,000 steps beside the decay"),
      Example(
        line: "unroll decay --cells lstm --remedies",
        explanation: "whether the gradient reaches as far as the task needs, and what would help"),
      Example(
        line: "unroll decay --cells rnn,rnn/activation=relu/init=identity:1,lstm",
        explanation: "three cells on one figure, at initialization"),
      Example(
        line:
          "unroll decay --cells lstm --length 30 --hidden 32 --learning-rate 0.005 --steps 2000",
        explanation: "an LSTM that has learned to add"),
      Example(
        line: "unroll decay --model model.safetensors --inputs batch.safetensors",
        explanation: "the decay of a PyTorch model's gradient, on a batch of its data"
      ),
    ],
    options: [
      OptionTable.row("task").overriding(form: .choice(TaskTable.all.map(\.name))),
      OptionTable.row("length").overriding(
        summary: "time steps of a generated sequence, or of a stretch of a text or series"),
    ]
      + OptionTable.rows(
        "file", "vocabulary", "column", "columns", "target", "holdout", "validation", "test",
        "validation-sequences", "inputs", "targets", "missing", "decimal",
        "order", "no-header", "shuffle", "cells", "activation", "init",
        "forget-bias", "initial-state", "hidden", "layers", "model", "recurrent", "readout")
      + OptionTable.trainingRows.map {
        $0.name == "steps"
          ? $0.overriding(default: .value("0"), summary: "updates of training before measuring")
          : $0
      }
      + OptionTable.rows(
        "window", "recompute", "clip", "loss-at", "expect", "truncation", "exponents",
        "exponent-steps",
        "exponent-warmup", "exponent-count", "remedies", "needs", "runs", "npz", "seed")
      + [
        OptionTable.row("seeds").overriding(
          default: .value("1"),
          summary: "seeds of the weights and of the training, counted up from --seed; one batch")
      ]
      + [OptionTable.row("precision").overriding(summary: "scalar type of the training")]
      + OptionTable.rows("threads") + OptionTable.runRows
  ) { arguments, terminal in
    try DecaySession(DecayPlan(arguments), terminal: terminal).run()
  }
}
