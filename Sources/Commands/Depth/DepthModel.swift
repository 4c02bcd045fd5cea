import UnrollCommandLine
import UnrollDenseMath
import UnrollFeedForward
import UnrollFileFormats
import UnrollReports
import UnrollSequenceTasks
import UnrollStudies
import UnrollText

/// The network of `--model` with the batch of `--inputs`, checked in full before anything is written.
struct DepthModel {
  /// What was measured: without options that had no part in it.
  let arguments: Arguments
  private let file: FeedForwardFile
  private let batch: FeedForwardBatch
  private let normalization: FeedForwardPass<Double>.Normalization
  /// How far the outputs are from those in the file; nil where it has none.
  private let outputsDifference: Double?

  /// Options of a saved model alone.
  static let own = ["inputs", "activation", "readout", "statistics"]

  /// Nil without `--model`.
  ///
  /// - Throws: `UsageError`, `FileError`, `FeedForwardFileError`, `FeedForwardBatchError`,
  ///   `OutputMismatch`.
  init?(_ given: Arguments) throws {
    guard let path = given[optional: .model] else {
      for option in Self.own where given.wasTyped(option) {
        throw given.rejection(of: option, accepted: "left out without --model")
      }
      return nil
    }
    let others = DepthSession.ofFreshStacks + ["seed"]
    if let other = others.first(where: given.wasTyped) {
      throw UsageError.conflict("model", other)
    }
    guard let inputs = given[optional: .inputs] else {
      throw given.rejection(
        of: .model, accepted: "joined by --inputs FILE with x [B, I], and y or g [B, O]")
    }
    let file = try FeedForwardFile(
      path: path, activation: given[optional: .activation],
      hasReadout: given[.readout] == "last")
    try given.requireActivation(of: file)
    let batch = try FeedForwardBatch(path: inputs, for: file)
    let layers = file.network.layers
    try given.requireStackMemory(
      layers.map { ($0.width, $0.function.pieces) }, inputs: file.network.inputs,
      rows: batch.data.rows, of: OptionKey.inputs, accepted: "a batch of fewer rows")
    let isNormalized = layers.contains { $0.normalization != nil }
    let usesRunning = given[.statistics] == "running"
    if given.wasTyped(.statistics), !isNormalized {
      throw given.rejection(
        of: .statistics, accepted: "left out for a model without batch normalization")
    }
    if isNormalized, !usesRunning, batch.data.rows == 1 {
      throw given.rejection(
        of: .inputs,
        accepted:
          "a batch of 2 rows or more, whose statistics batch normalization takes, or joined "
          + "by --statistics running")
    }
    let normalization: FeedForwardPass<Double>.Normalization =
      usesRunning ? .running(file.statistics) : .batch()
    outputsDifference = try ExpectedOutputs(path: inputs).map {
      (expected) throws(OutputMismatch) in
      try OutputComparison(
        of: file, on: batch.data, normalizingBy: normalization, expected: expected
      ).difference
    }
    (self.file, self.batch, self.normalization) = (file, batch, normalization)
    var recorded = given.without(others + (isNormalized ? [] : ["statistics"]))
    if let activation = file.activation {
      recorded = try recorded.filling(
        ["activation"], from: ["activation": .string(activation.description)], at: path)
    }
    arguments = recorded
  }

  /// What a default folder is named by.
  var name: String { RunFolder.subject(file: file.path) }

  /// What may have been meant otherwise: each worth a warning. Outputs that agree settle how the model
  /// was read.
  var warnings: [String] { (outputsDifference == nil ? file.notices : []) + batch.notices }

  func report() -> DepthReport {
    let measured = MeasuredNetwork(file, on: batch.data, normalizingBy: normalization)
    let isFinite = (measured.loss.isFinite || isGradient) && measured.norms.allSatisfy(\.isFinite)
    return DepthReport(
      title: "Gradient reaching down through the layers", subtitle: subtitle, seed: nil,
      stacks: [measured], text: text(measured),
      facts: outputsDifference.map { ["outputs_difference": .number($0)] } ?? [:],
      outcome: isFinite ? .finished : .nonFinite)
  }

  private var isGradient: Bool {
    if case .gradient = batch.data.targets { true } else { false }
  }

  private var subtitle: String {
    let network = file.network
    let loss =
      switch batch.data.targets {
      case .values: "squared error"
      case .classes: "cross-entropy"
      case .cotangents, .gradient: "gradient 'g' by the outputs"
      }
    return [
      DepthSession.words(ofWidths: network.widths),
      network.outputs.map { "a readout of \($0)" } ?? "no readout",
      file.activation.map(\.description), statisticsWords,
      NumberText.count(batch.data.rows, "row"), loss,
    ].compactMap(\.self).joined(separator: ", ")
  }

  private var statisticsWords: String? {
    guard file.network.layers.contains(where: { $0.normalization != nil }) else { return nil }
    return switch normalization {
    case .batch: "batch statistics"
    case .running: "running statistics"
    }
  }

  private func text(_ measured: MeasuredNetwork) -> String {
    let loss =
      isGradient
      ? nil
      : measured.loss.isFinite
        ? "The loss is \(NumberText.significant(measured.loss))." : "The loss is not finite."
    let outputs = outputsDifference.map {
      "The outputs are as expected, to \(NumberText.significant($0))."
    }
    return "\(measured.label): "
      + [DepthSession.reach(measured), loss, outputs].compactMap(\.self).joined(separator: " ")
  }
}

extension Arguments {
  /// Refuses `--activation` where the file says another, and where it has its own as `nn.PReLU`.
  fileprivate func requireActivation(of file: FeedForwardFile) throws {
    guard let given = self[optional: .activation] else { return }
    if let saved = file.savedActivation, saved != given {
      throw rejection(
        of: .activation, accepted: "\(saved), which the file says, or left out")
    }
    if wasTyped(.activation), file.activation == nil {
      throw rejection(
        of: .activation,
        accepted: "left out: the activations of \(file.path.escaped) are nn.PReLU")
    }
  }
}
