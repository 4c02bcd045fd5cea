import UnrollCommandLine
import UnrollReports
import UnrollSequenceTasks

extension Command {
  /// `unroll decay`.
  static let decay = Command(
    name: "decay",
    summary: "decay curves of the gradient back through time; figure, fits",
    discussion: """
      For each cell and layer, the norm of the loss's gradient with respect to the hidden state h, \
      the LSTM's cell state c, and the state handed on (h and c taken as independent), k steps before the loss, averaged over the sequences of one \
      batch; with a fitted rate per step, its half-life, and the horizon: the largest lag at which \
      the norm is at least 1% of that at lag 0. Measured in double precision at initialization, \
      after --steps of training, or of a saved model.

      --model takes a model of ours, on its own task, or a PyTorch state_dict saved with \
      safetensors. --inputs measures on all sequences of a file. Of a text or series, stretches \
      of --length steps are taken from its training part.

      contributions.csv has what each step adds to the weights' gradients, of which they are the \
      sum: the Frobenius norm of the gradient of the batch's mean loss by W_hh and W_ih at that \
      step alone.

      gates.csv sets the logarithm of the product of the gates on the state's direct way (the \
      LSTM's forget gates, the GRU's update gates) beside that of the decay; their ratio is the \
      share they explain. formats.csv has the largest element of the gradient at each lag and \
      the share that is subnormal in float32; the summary says at which lag float16, bfloat16 \
      and float32 run out, and dashed lines show it.

      --truncation compares the gradient of the loss at the last step cut after K steps with the \
      whole one, parameter by parameter (truncation.csv): cosine, ratio of norms, relative bias, \
      and the bias that the decay curve lets expect.

      --exponents measures, layer by layer, the Jacobian ∂s_t/∂s_{t−1} of the state s (h, or h \
      and c taken as independent), the layer's input held fixed; the exponents of the whole stack \
      are those of all its layers. exponents.csv has the Lyapunov spectrum, by QR along each \
      sequence's inputs in Float64: mean over the sequences, in ln per step, and the standard \
      deviation among them; exponents-convergence.csv what the ten largest were estimated at after \
      fewer steps; singular-values.csv ln of the singular values of ∂s_T/∂s_{T−k} for the batch's \
      first sequence. A direction that one step shrinks below √n·2⁻⁵¹ of W_hh's Frobenius norm, n \
      the numbers in s, cannot be told from one that is lost (a ReLU that is off, a singular W_hh): its \
      exponent is -inf in CSV and null in JSON. The summary adds the spectral radius of W_hh \
      (cells with one gate), its largest singular value, and that times the activation's largest \
      slope (1 for identity, tanh and relu, ¼ for sigmoid, the slope or α of leaky-relu, prelu and \
      elu where it is above 1), which bounds every step's factor: for rnn with one layer, otherwise \
      null.

      --runs puts earlier runs on the same figure: of unroll decay with their curves, of unroll \
      train with those of their last weights, measured on this run's batch. Without --cells, and \
      without options of fresh models, the runs stand alone; the task is then the first trained \
      run's.

      With --seeds above 1 every cell is measured with so many initializations, or trainings, on \
      one batch; curves and fits of the summary, the table and the figure are then those of the \
      means over seeds, the band and the intervals are over seeds. Other figures and tables show \
      the first seed; their CSV files and the summary have every seed.

      The folder holds decay.csv, contributions.csv, gates.csv, formats.csv, truncation.csv, \
      exponents.csv, exponents-convergence.csv, singular-values.csv, figures (.svg, .png, .gp; one \
      for the exponents) and summary.json.
      """,
    examples: [
      Example(
        line: "unroll decay --cells rnn,lstm --truncation 1,2,5,10,20,50",
        explanation: "how wrong the gradient is when it is cut after K steps"),
      Example(
        line: "unroll decay --cells rnn,gru --hidden 64 --exponents --exponent-steps 1000",
        explanation: "Lyapunov spectra over 1,000 steps beside the decay"),
      Example(
        line: "unroll decay --cells rnn,rnn/activation=relu/init=identity:1,lstm",
        explanation: "three cells on one figure, at initialization"),
      Example(
        line: "unroll decay --cells lstm --steps 2000 --length 50",
        explanation: "an LSTM after 2,000 updates on the adding task"),
      Example(
        line: "unroll decay --model model.safetensors --inputs batch.safetensors",
        explanation: "how far back the gradient of a PyTorch model reaches, on a batch of its data"
      ),
    ],
    options: [
      OptionTable.row("task").overriding(form: .choice(TaskTable.all.map(\.name))),
      OptionTable.row("length").overriding(
        summary: "time steps of a generated sequence, or of a stretch of a text or series"),
    ]
      + OptionTable.rows(
        "file", "column", "holdout", "inputs", "shuffle", "cells", "activation", "init",
        "forget-bias", "initial-state", "hidden", "layers", "model")
      + OptionTable.trainingRows.map {
        $0.name == "steps"
          ? $0.overriding(default: .value("0"), summary: "updates of training before measuring")
          : $0
      }
      + OptionTable.rows(
        "window", "clip", "loss-at", "truncation", "exponents", "exponent-steps",
        "exponent-warmup", "exponent-count", "runs", "seed")
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
