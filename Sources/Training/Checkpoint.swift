import Foundation
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollRecurrentCells
import UnrollText

/// A checkpoint holds everything a run needs to go on as if it had not been interrupted: weights,
/// the best weights so far, optimizer state, clipping history, the carried state, the place in the
/// data and the totals. Random numbers need no state of their own, because data are named by seed and
/// place.
///
/// | tensor | content |
/// | --- | --- |
/// | `parameters/NAME`, `best/NAME` | weights, and those at the lowest validation loss |
/// | `optimizer/NAME` | optimizer state, laid out like the weights |
/// | `state/N` | h, then c of each layer before the next window [B, H] |
/// | `clipping/history` | what the clipper remembers, Float64 bits |
/// | `progress` | place in the data and totals, Float64 bits |
///
/// The metadata `cell`, `optimizer`, `clipping` and `loss` are the names of those four, `precision`
/// is `float` or `double`. `cell_constants` is the text of a cell's `Cell.constants`, where there is one.
/// `unroll_crc32` is a checksum of the whole file.
extension Trainer {
  private static var layoutKey: String { "unroll_checkpoint" }
  /// Changes with what `progress` holds. Layout 1 had no validation: its best weights were those of the
  /// lowest test loss.
  private static var layout: String { "2" }

  /// Writes a checkpoint, whole or not at all; nothing where a weight is not finite. Where ranks train
  /// together, one of them writes it: when an observer is told of an evaluation or that a checkpoint is due, or
  /// after ``run(until:)``.
  ///
  /// - Parameter metadata: what else to keep, such as the run's options.
  /// - Throws: `FileError`.
  public func saveCheckpoint(to path: String, metadata: [String: String]) throws {
    var writer = SafetensorsWriter(requireFinite: true, hasChecksum: true)
    writer.metadata = metadata
    writer.metadata[Self.layoutKey] = Self.layout
    for (name, value) in identity { writer.metadata[name] = value }
    let constants = model.cell.constants
    writer.metadata[ModelFile.constantsKey] = constants.isEmpty ? nil : constants
    for entry in parameters.layout.entries {
      writer.append("parameters/\(entry.name)", shape: entry.shape, parameters[entry])
      if let best { writer.append("best/\(entry.name)", shape: entry.shape, best[entry]) }
    }
    for (name, values) in optimizer.state {
      writer.append("optimizer/\(name)", shape: [values.count], values)
    }
    for (index, state) in (shared.gatheredState ?? wholeState()).enumerated() {
      writer.append("state/\(index)", shape: [state.rows, state.columns], state)
    }
    let history = shared.update.clipper.history
    if !history.isEmpty {
      writer.append(
        "clipping/history", shape: [history.count], bitPatterns: history.map(\.bitPattern))
    }
    let progress = progressNumbers.map { $0?.bitPattern ?? Double.nan.bitPattern }
    writer.append("progress", shape: [progress.count], bitPatterns: progress)
    try writer.write(to: path)
  }

  /// Refuses a checkpoint without the parameters of `model` and the states of `rows` rows, before a trainer
  /// of that model allocates what the checkpoint's settings say.
  ///
  /// - Throws: `FileError`.
  public static func requireParameters(
    of model: RecurrentModel, rows: Int, in file: SafetensorsFile
  ) throws(FileError) {
    for entry in model.layout.entries {
      try file.requireShape(entry.shape, of: "parameters/\(entry.name)")
    }
    try file.requireShape([rows, model.configuration.hidden], of: "state/0")
  }

  /// Takes up a run where ``saveCheckpoint(to:metadata:)`` left it.
  ///
  /// - Throws: `FileError`, also for a file of which a byte has changed; ``TrainingError/checkpointVersion(path:saved:accepted:)`` for a checkpoint of
  ///   another layout; ``TrainingError/checkpointMismatch(path:what:saved:given:)`` when the checkpoint
  ///   is of another precision, cell, optimizer, clipping rule or loss.
  public func restore(from file: SafetensorsFile) throws {
    try file.requireIntact()
    if let saved = file.metadata[Self.layoutKey], saved != Self.layout {
      throw TrainingError.checkpointVersion(
        path: file.path, saved: saved, accepted: Self.layout)
    }
    try requireSameIdentity(file)
    try file.requireShape([progressNumbers.count], of: "progress")
    for entry in parameters.layout.entries {
      try file.requireShape(entry.shape, of: "parameters/\(entry.name)")
      parameters[entry].assign(try file.doubles("parameters/\(entry.name)"))
    }
    if file.contains("best/head.bias") {
      let best = Parameters<Element>(parameters.layout)
      for entry in parameters.layout.entries {
        try file.requireShape(entry.shape, of: "best/\(entry.name)")
        best[entry].assign(try file.doubles("best/\(entry.name)"))
      }
      self.best = best
    }
    for (name, values) in optimizer.state {
      try file.requireShape([values.count], of: "optimizer/\(name)")
      values.assign(try file.doubles("optimizer/\(name)"))
    }
    let states = wholeState()
    for (index, state) in states.enumerated() {
      try file.requireShape([state.rows, state.columns], of: "state/\(index)")
      state.assign(try file.doubles("state/\(index)"))
    }
    for shard in shared.shards {
      for (state, whole) in zip(shard.workspace.initialState, states) {
        state.assign(whole.rows(shard.rows))
      }
    }
    try takeProgress(
      file.bitPatterns("progress").map(Double.init(bitPattern:)), path: file.path)
    try restoreClipping(from: file)
    shared.update.forget()
    shared.shardsAreFilled = false
    gatherState()
  }

  /// What a run cannot change on the way, as metadata.
  private var identity: [(name: String, value: String)] {
    [
      ("precision", Element.self == Float.self ? "float" : "double"),
      ("cell", model.cell.name), ("optimizer", optimizer.name), ("clipping", clipping.name),
      ("loss", loss.name),
    ]
  }

  private func requireSameIdentity(_ file: SafetensorsFile) throws {
    for (name, value) in identity {
      // Earlier versions wrote fewer of these, but always the precision.
      if name != "precision", file.metadata[name] == nil { continue }
      let saved = try file.metadata(name)
      if saved != value {
        throw TrainingError.checkpointMismatch(
          path: file.path, what: name, saved: saved, given: value)
      }
    }
    let constants = model.cell.constants
    if let saved = file.metadata[ModelFile.constantsKey], saved != constants {
      throw TrainingError.checkpointMismatch(
        path: file.path, what: "cell \(model.cell.name.quoted)", saved: saved, given: constants)
    }
  }

  private func restoreClipping(from file: SafetensorsFile) throws {
    let name = "clipping/history"
    let history =
      file.contains(name) ? try file.bitPatterns(name).map(Double.init(bitPattern:)) : []
    do {
      try shared.update.clipper.restore(
        history: history, updates: totals.updates - totals.nonFinite)
    } catch {
      throw TrainingError.checkpointMismatch(
        path: file.path, what: "clipping history", saved: "\(history.count) numbers",
        given: error.expected)
    }
  }

  /// Gets the other ranks' states for a checkpoint.
  func gatherState() {
    guard ranks.count > 1 else { return }
    let states = wholeState()
    for state in states { ranks.sum(state) }
    shared.gatheredState = states
  }

  /// The state before the next window, all shards' rows together; zero in the rows of other ranks.
  private func wholeState() -> [Matrix<Element>] {
    let hidden = model.configuration.hidden
    return shared.shards[0].workspace.initialState.indices.map { index in
      let whole = Matrix<Element>(rows: settings.batch, columns: hidden)
      for shard in shared.shards {
        whole.rows(shard.rows).assign(shard.workspace.initialState[index])
      }
      return whole
    }
  }

  /// Place and totals as numbers, nil for what is not known yet; read back in the same order.
  private var progressNumbers: [Double?] {
    [
      Double(shared.cursor.sequence), Double(shared.cursor.window), Double(totals.updates),
      Double(totals.clipped), Double(totals.nonFinite), totals.normSum, totals.largestNorm,
      totals.lossMean, totals.lossWeight, totals.updatesToSolve.map(Double.init),
    ] + numbers(of: totals.bestEvaluation) + numbers(of: totals.lastEvaluation)
      + [totals.seconds, totals.updateSeconds, totals.evaluationSeconds]
  }

  private func numbers(of record: EvaluationRecord?) -> [Double?] {
    [record.map { Double($0.update) }, record?.loss, record?.accuracy]
  }

  private func takeProgress(_ numbers: [Double], path: String) throws {
    var rest = numbers[...]
    func optional() -> Double? { rest.popFirst().flatMap { $0.isNaN ? nil : $0 } }
    func count() throws -> Int {
      let number = optional() ?? -1
      guard let whole = Int(exactly: number), (0...1_000_000_000_000).contains(whole) else {
        throw TrainingError.checkpointMismatch(
          path: path, what: "progress", saved: number.description,
          given: "a whole number from 0 to 10¹²")
      }
      return whole
    }
    func evaluation() -> EvaluationRecord? {
      let (update, loss, accuracy) = (
        optional().flatMap(Int.init(exactly:)), optional(), optional()
      )
      guard let update else { return nil }
      return EvaluationRecord(
        update: update, split: task.selectionSplit, loss: loss ?? .nan, accuracy: accuracy)
    }
    var (cursor, totals) = (DataCursor(), TrainingTotals())
    cursor.sequence = try count()
    cursor.window = try count()
    totals.updates = try count()
    totals.clipped = try count()
    totals.nonFinite = try count()
    totals.normSum = optional() ?? 0
    totals.largestNorm = optional() ?? 0
    totals.lossMean = optional() ?? 0
    totals.lossWeight = optional() ?? 0
    totals.updatesToSolve = optional().flatMap(Int.init(exactly:))
    totals.bestEvaluation = evaluation()
    totals.lastEvaluation = evaluation()
    totals.seconds = optional() ?? 0
    totals.updateSeconds = optional() ?? 0
    totals.evaluationSeconds = optional() ?? 0
    func requireAtMost(_ count: Int?, of what: String) throws {
      guard let count, !(0...totals.updates).contains(count) else { return }
      throw TrainingError.checkpointMismatch(
        path: path, what: "progress", saved: "\(what) \(count)",
        given: "0 to \(totals.updates), its updates")
    }
    try requireAtMost(totals.clipped, of: "clipped updates")
    try requireAtMost(totals.nonFinite, of: "non-finite updates")
    try requireAtMost(totals.updatesToSolve, of: "updates to solve")
    try requireAtMost(totals.bestEvaluation?.update, of: "best evaluation after")
    try requireAtMost(totals.lastEvaluation?.update, of: "last evaluation after")
    shared.cursor = cursor
    self.totals = totals
  }
}
