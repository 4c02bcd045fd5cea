import UnrollDenseMath
import UnrollRecurrentCells
import UnrollSequenceTasks

/// How much memory a run's buffers take, so that sizes the machine cannot hold are refused before
/// anything is allocated.
public enum MemoryEstimate {
  /// Refuses a run, or `runs` like it side by side, that would not fit the machine's memory. Each keeps
  /// its states as it would alone: under `auto` all of them, where they fit the memory of one run.
  ///
  /// - Throws: ``TrainingError/tooLarge(bytes:available:)``,
  ///   ``TrainingError/recomputeSize(given:least:)``.
  public static func check<Element: Scalar>(
    model: RecurrentModel, task: any SequenceTask, settings: TrainingSettings, runs: Int = 1,
    as type: Element.Type
  ) throws(TrainingError) {
    let other = otherBytes(model: model, task: task, settings: settings, as: type)
    let choice = try recompute(
      model: model, task: task, settings: settings, besides: other, as: type)
    try require(bytes: Double(runs) * (choice.bytes + other))
  }

  /// Refuses buffers of `bytes`, where the machine has less memory.
  ///
  /// - Throws: ``TrainingError/tooLarge(bytes:available:)``.
  package static func require(bytes: Double) throws(TrainingError) {
    let available = Recompute.machineBytes
    if bytes > available { throw .tooLarge(bytes: bytes, available: available) }
  }

  /// How each thread's window keeps its states under `settings.recompute`.
  ///
  /// The plans and bytes are those of one process with the whole batch. Ranks that share the batch keep
  /// the states of their rows by the same plans, and each takes about its share of these bytes.
  ///
  /// - Throws: ``TrainingError/recomputeSize(given:least:)``.
  package static func recompute<Element: Scalar>(
    model: RecurrentModel, task: any SequenceTask, settings: TrainingSettings,
    as type: Element.Type
  ) throws(TrainingError) -> RecomputeChoice {
    try recompute(
      model: model, task: task, settings: settings,
      besides: otherBytes(model: model, task: task, settings: settings, as: type), as: type)
  }

  /// The same, besides `other` bytes of weights and data.
  private static func recompute<Element: Scalar>(
    model: RecurrentModel, task: any SequenceTask, settings: TrainingSettings,
    besides other: Double, as type: Element.Type
  ) throws(TrainingError) -> RecomputeChoice {
    let length = task.timeSteps(in: .train, rows: settings.batch)
    let (capacity, losses) = (
      settings.truncation.capacity(for: length), settings.truncation.lossCapacity(for: length)
    )
    let supervised = task.supervision(in: .train, steps: task.isStream ? capacity : length)
    let windows = (0..<settings.batch).cut(into: settings.threads).map {
      WindowMemory(
        model, capacity: capacity, rows: $0.count,
        supervised: min(losses, supervised.supervised.count), as: type)
    }
    if let shortage = settings.recompute.shortage(of: windows, besides: other) {
      throw .recomputeSize(given: shortage.given, least: shortage.least)
    }
    return settings.recompute.choice(for: windows, besides: other)
  }

  /// Bytes of weights and data.
  private static func otherBytes<Element: Scalar>(
    model: RecurrentModel, task: any SequenceTask, settings: TrainingSettings,
    as type: Element.Type
  ) -> Double {
    let length = task.timeSteps(in: .train, rows: settings.batch)
    let steps = task.isStream ? settings.truncation.capacity(for: length) : length
    let data = Double(settings.batch) * dataBytes(of: task, .train, steps: steps, as: type)
    // Weights, their layout both ways, best weights, up to two slots of the optimizer, and a gradient
    // for each thread; once more where clipping is measured.
    let gradients = min(settings.threads, settings.batch) * (settings.measuresClipping ? 2 : 1)
    let weights = Double(model.layout.count) * Double(6 + gradients)
    return data + weights * Double(MemoryLayout<Element>.size)
  }

  /// What the data of `steps` steps of a row take.
  static func dataBytes<Element: Scalar>(
    of task: any SequenceTask, _ split: Split, steps: Int, as type: Element.Type
  ) -> Double {
    let element = Double(MemoryLayout<Element>.size)
    let label = Double(MemoryLayout<Int32>.size)
    let input =
      switch task.input {
      case .values(let count): Double(count) * element
      case .classes: label
      }
    let target =
      switch task.target {
      case .values(let count): Double(count) * element
      case .classes: label
      }
    let supervised = task.supervision(in: split, steps: steps).supervised
    return Double(steps) * input + Double(supervised.count) * (target + element)
  }
}
