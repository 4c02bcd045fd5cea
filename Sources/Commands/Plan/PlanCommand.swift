import UnrollCommandLine
import UnrollReports
import UnrollStudies
import UnrollTraining

extension OptionKey<Int> {
  static var ranks: OptionKey { OptionKey("ranks") }
}

extension OptionKey<Bandwidth> {
  static var bandwidth: OptionKey { OptionKey("bandwidth") }
}

extension OptionKey<Latency> {
  static var latency: OptionKey { OptionKey("latency") }
}

extension Command {
  /// `unroll plan TASK`.
  static let plan = Command(
    name: "plan",
    arguments: [
      .taskArgument.overriding(
        default: .value("adding", shown: "adding, or that of --model or --config"))
    ],
    summary: "predicts how much faster N processes would train, from updates measured here",
    discussion: """
      Predicts the time of an update where N ranks share each batch, as mpirun -n N unroll train does. \
      Updates of one process are measured here, with the rows that a rank would have; a rank is \
      taken to have a machine like this one to itself, with --threads threads. The sum of the gradient \
      over the ranks is added. It is predicted from the network: a message of n bytes takes \
      latency + n / bandwidth (the α–β model).

      Three ways to sum are shown (Thakur, Rabenseifner & Gropp 2005); MPI libraries choose one by \
      the size of the gradient. With a = latency and b = n / bandwidth for the whole gradient: ring \
      takes 2(N - 1)(a + b/N); tree, along a binomial tree and back, 2 log2(N) (a + b); recursive \
      doubling log2(N) (a + b). Where N is no power of two, the tree rounds log2(N) up, and doubling \
      rounds it down and takes two messages more.

      The latency is half of what ping shows, or what osu_latency does; the bandwidth is what iperf3 or \
      osu_bw shows between two of the machines. Usual are 50us and 1Gbit/s or 10Gbit/s for TCP, 1.5us and \
      100Gbit/s for InfiniBand. Let nothing else run while updates are measured.

      All other options are those of unroll train. --config takes those of a run, or those that all runs \
      of a sweep have.
      """,
    examples: [
      Example(
        line: "unroll plan adding --ranks 16 --bandwidth 10Gbit/s --latency 50us --hidden 512",
        explanation: "whether 16 machines would train that model faster than one"),
      Example(
        line:
          "unroll plan --config runs/train-adding/config.json --ranks 4 --bandwidth 1Gbit/s --latency 50us",
        explanation: "the same for a run that was made"),
    ],
    options: [
      OptionSpec(
        .ranks, .integer(2...1_000_000), "N", group: .measuring,
        "needed: the most processes that share a batch; 2, 4, 8 … up to it are shown"),
      OptionSpec(
        .bandwidth, .bandwidth, "RATE", group: .measuring,
        "needed: of the network, in each direction: 10Gbit/s, 1.25GB/s"),
      OptionSpec(
        .latency, .latency, "TIME", group: .measuring,
        "needed: of a small message from one process to another: 50us"),
      OptionTable.row("budget").overriding(summary: "how long to measure each number of rows"),
    ]
      + Command.train.options.filter { !unplanned.contains($0.name) },
    readsOwnConfig: false,
    configsOf: [
      .init(of: "train", passingOver: Set(unplanned)),
      .init(
        of: "sweep",
        // Threads are the runs at a time there.
        passingOver: Set(Command.sweep.options.map(\.name))
          .subtracting(Command.train.options.map(\.name)).union(unplanned + ["threads"]),
        telling: ["vary", "grid"]),
    ]
  ) { arguments, terminal in
    try arguments.requireKernels()
    let ranks = try arguments.required(.ranks)
    let link = NetworkLink(
      latency: try arguments.required(.latency).seconds,
      bandwidth: try arguments.required(.bandwidth).bytesPerSecond)
    let plan = try TrainingStart(new: arguments, terminal: terminal).plan
    let study = ScalingStudy(plan, ranks: ranks, link: link, budget: arguments[.budget])
    try study.validate()
    Interrupt.install()
    defer { Interrupt.uninstall() }
    let points = try study.points(
      willMeasure: { ranks in
        terminal.drawLive(["measuring the rows of one of \(ranks) ranks"])
      }, until: { Interrupt.isRequested })
    terminal.clearLive()
    guard let points else {
      terminal.tell("interrupted; nothing is predicted from a part of the measurements")
      return .interrupted
    }
    let report = ScalingReport(study, points)
    report.print(on: terminal)
    terminal.printJSON(report.json.encoded())
    return .done
  }

  /// Options of `train` that are about a folder, or about what does not take part in an update.
  private static let unplanned = [
    "resume", "accept-changed-data", "reschedule", "sweep", "run", "watch-decay", "loss-at",
    "checkpoint-every", "keep-checkpoints", "out", "tensorboard",
  ]
}

extension OptionForm<Bandwidth> {
  fileprivate static var bandwidth: Self {
    custom(accepted: Bandwidth.accepted) { try Bandwidth($0) }
  }
}

extension OptionForm<Latency> {
  fileprivate static var latency: Self { custom(accepted: Latency.accepted) { try Latency($0) } }
}
