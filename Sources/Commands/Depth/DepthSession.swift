import UnrollCommandLine
import UnrollFeedForward
import UnrollFigures
import UnrollOptimization
import UnrollReports
import UnrollStudies
import UnrollText

/// Runs `unroll depth`: checks what was asked for, measures, and writes everything it leaves behind.
struct DepthSession {
  private let arguments: Arguments
  private let terminal: Terminal
  private let model: DepthModel?
  private let output: RunOutput

  /// Options of the stacks of `--stacks` and their training alone.
  static let ofFreshStacks = [
    "layers", "width", "stacks", "batch", "steps", "pretrain", "optimizer", "learning-rate",
    "clip", "l1", "l2",
  ]

  /// - Throws: `UsageError`, and as ``DepthModel``; `FileError` when the folder cannot be made.
  init(_ arguments: Arguments, terminal: Terminal) throws {
    self.terminal = terminal
    model = try DepthModel(arguments)
    self.arguments = model?.arguments ?? arguments.without(DepthModel.own)
    if model == nil {
      try arguments.requireStackWidths()
      try arguments.requireStackMemory()
      try arguments.requireStackClipping()
    }
    output = try RunOutput(self.arguments, subject: model?.name, terminal: terminal)
  }

  func run() throws -> ExitStatus {
    try output.writeConfig(arguments)
    for warning in model?.warnings ?? [] { terminal.warn(warning) }
    let report = try model?.report() ?? measure()
    try report.csv.write(to: output.path("depth.csv"))
    output.draw(report.figure, name: "depth", formats: FigureFormat.allCases)
    if model != nil, report.outcome == .nonFinite {
      terminal.warn("the loss or gradient of the model is not finite on this batch")
    }
    report.print(on: terminal, folder: output.folder)
    try output.writeSummary(report.summary)
    return report.outcome.status
  }

  /// The stacks of `--stacks` on the two spirals.
  private func measure() throws -> DepthReport {
    let data = FeedForwardData.twoSpirals(rows: arguments[.batch], seed: arguments.seed)
    let steps = arguments[.steps]
    if steps > 0 || arguments[.pretrain] > 0 { Interrupt.install() }
    let asked: [FeedForwardSpecification] = arguments[.stacks]
    var stacks: [MeasuredNetwork] = []
    for specification in asked {
      stacks.append(measured(specification, data, steps: steps))
      if Interrupt.isRequested { break }
    }
    for stack in stacks where stack.becameNonFinite {
      let last = "update \(stack.updates.count)"
      terminal.warn(
        "\(stack.label): "
          + (stack.brokeOff
            ? "\(Self.cause(of: stack, last)); measured with the weights before it"
            : "the weights that \(last) left give a loss or gradient that is not finite"))
    }
    var panels = [DepthReport.gradientPanel(stacks)]
    if steps > 0 { panels += [DepthReport.updatePanel(stacks), DepthReport.lossPanel(stacks)] }
    if Interrupt.isRequested, let last = stacks.last {
      terminal.tell(
        "interrupted: \(last.label) is measured after \(NumberText.count(last.updates.count, "update")), "
          + "and is number \(stacks.count) of \(NumberText.count(asked.count, "stack"))")
    }
    let outcome: RunOutcome =
      Interrupt.isRequested
      ? .interrupted : stacks.contains(where: \.becameNonFinite) ? .nonFinite : .finished
    return DepthReport(
      title: "Gradient reaching down through the layers",
      subtitle:
        "\(Self.words(ofWidths: arguments.stackWidths)), two spirals, \(data.rows) points, \(Self.moment(of: stacks)), seed \(arguments.seed)",
      seed: arguments.seed, stacks: stacks, text: text(stacks), panels: panels,
      outcome: outcome)
  }

  /// `20 layers of width 64`, or `3 layers (widths 64, 128, 64)`.
  static func words(ofWidths widths: [Int]) -> String {
    let layers = NumberText.count(widths.count, "layer")
    if Set(widths).count == 1, let width = widths.first { return "\(layers) of width \(width)" }
    let limit = 6
    let listed = widths.prefix(limit).map { "\($0)" } + (widths.count > limit ? ["…"] : [])
    return "\(layers) (widths \(listed.joined(separator: ", ")))"
  }

  private static func moment(of stacks: [MeasuredNetwork]) -> String {
    let counts = stacks.map(\.updates.count)
    let (fewest, most) = (counts.min() ?? 0, counts.max() ?? 0)
    if most == 0 { return "at initialization" }
    let range = fewest == most ? "" : "\(NumberText.count(fewest)) to "
    return "after \(range)\(NumberText.count(most, "update"))"
  }

  private func measured(
    _ specification: FeedForwardSpecification, _ data: FeedForwardData, steps: Int
  ) -> MeasuredNetwork {
    let stack = FeedForwardNetwork(
      specification, inputs: data.inputs.columns, widths: arguments.stackWidths, outputs: 2)
    let parameters = stack.initialParameters(seed: arguments.seed)
    let settings = arguments.stackTrainingSettings()
    let pretraining = arguments[.pretrain]
    if pretraining > 0 {
      terminal.drawLive(["\(specification): layer-wise pre-training"])
      _ = stack.pretrain(
        parameters, on: data.inputs, steps: pretraining, settings: settings, seed: arguments.seed)
    }
    let start = steps > 0 ? stack.measure(parameters, on: data).loss : nil
    let trainer = FeedForwardTrainer(stack, parameters, on: data, settings: settings)
    if steps > 0 { terminal.drawLive(["\(specification): \(NumberText.count(steps, "update"))"]) }
    let updates = trainer.run(steps, until: { Interrupt.isRequested })
    terminal.clearLive()
    var measured = MeasuredNetwork(label: specification.description, trainer, after: updates)
    measured.startingLoss = start
    return measured
  }

  private func text(_ stacks: [MeasuredNetwork]) -> String {
    stacks.map {
      "\($0.label): "
        + [Self.breaking($0), Self.reach($0), Self.losses($0)]
        .compactMap(\.self).joined(separator: " ")
    }.joined(separator: " ")
  }

  /// How training ended, where that was not as asked for.
  private static func breaking(_ stack: MeasuredNetwork) -> String? {
    guard stack.becameNonFinite else { return nil }
    let last = NumberText.count(stack.updates.count)
    let end =
      stack.brokeOff
      ? "training broke off at update \(last): \(cause(of: stack, "it"))"
      : "the weights that update \(last) left give a loss or gradient that is not finite"
    return end + (stack.isFinite ? "; with the weights before it" : ".")
  }

  /// Why training broke off at the update that the text calls `last`.
  private static func cause(of stack: MeasuredNetwork, _ last: String) -> String {
    stack.updates.last?.overflowed == true
      ? "\(last) would overflow the weights or the optimizer's state"
      : "the loss or gradient of \(last) is not finite"
  }

  /// What is left of the gradient, where training left something to measure.
  static func reach(_ stack: MeasuredNetwork) -> String? {
    let depth = stack.layers.count
    if depth == 1, let norm = stack.norms.first {
      return "the norm of the gradient by the one layer's outputs is "
        + (norm.isFinite ? NumberText.significant(norm) : "not a finite number") + "."
    }
    if stack.becameNonFinite && !stack.isFinite { return nil }
    if stack.norms.allSatisfy({ $0 == 0 }) { return "the gradient is zero in every layer." }
    guard stack.reach.isFinite else {
      return "the ratio of layer 1's gradient to layer \(depth)'s is not a finite number."
    }
    return "layer 1 receives \(DepthReport.share(stack.reach, of: "layer \(depth)'s gradient")), a "
      + "factor of \(NumberText.rate(stack.factor)) a layer."
  }

  private static func losses(_ stack: MeasuredNetwork) -> String? {
    guard let start = stack.startingLoss else { return nil }
    return stack.loss.isFinite
      ? "The loss goes from \(NumberText.significant(start)) to \(NumberText.significant(stack.loss))."
      : "The loss was \(NumberText.significant(start)) at the start."
  }
}

extension Arguments {
  fileprivate func stackTrainingSettings() -> FeedForwardTrainingSettings {
    var settings = FeedForwardTrainingSettings()
    settings.optimizer = OptimizerKind(rawValue: self[.optimizer]) ?? .sgd
    settings.learningRate = self[.learningRate]
    settings.clipping = self[.clip]
    settings.penalty = Penalty(l1: self[.l1], l2: self[.l2])
    settings.seed = seed
    return settings
  }

  /// Refuses a rule of clipping that has nothing to act on.
  fileprivate func requireStackClipping() throws {
    if self[.clip].stateLimit != nil {
      throw rejection(
        of: .clip, accepted: "another rule: a stack has no state that goes back through time")
    }
  }

  /// The width of each layer: those of `--width` in turn.
  fileprivate var stackWidths: [Int] {
    let widths = self[.width]
    return (0..<self[.layers]).map { widths[$0 % widths.count] }
  }

  /// Refuses widths that no layer would have.
  fileprivate func requireStackWidths() throws {
    let (count, layers) = (self[.width].count, self[.layers])
    if count > layers {
      throw rejection(of: .width, accepted: "at most \(layers) widths for --layers \(layers)")
    }
  }

  /// Refuses stacks that would not fit.
  fileprivate func requireStackMemory() throws {
    for stack in self[.stacks] {
      try requireStackMemory(
        stackWidths.map { (width: $0, pieces: stack.function.pieces) }, inputs: 2,
        rows: self[.batch], of: OptionKey.width,
        accepted: "smaller with --layers \(self[.layers]) and --batch \(self[.batch])")
    }
  }

  /// Refuses layers whose weights and activations would not fit: parameters, gradient, optimizer
  /// state and a copy take five numbers a weight, a pass some ten a unit and row.
  func requireStackMemory<Value>(
    _ layers: [(width: Int, pieces: Int)], inputs: Int, rows: Int, of option: OptionKey<Value>,
    accepted: String
  ) throws {
    var (bytes, below) = (0.0, inputs)
    for layer in layers {
      bytes += 8 * Double(layer.width * layer.pieces) * Double(5 * below + 10 * rows)
      below = layer.width
    }
    if bytes > 4e9 { throw rejection(of: option, accepted: accepted + ": at most 4 GB") }
  }
}
