import Foundation
import UnrollDenseMath
import UnrollRecurrentCells
import UnrollSequenceTasks

/// How much memory a run's buffers take, so that sizes the machine cannot hold are refused before
/// anything is allocated.
public enum MemoryEstimate {
  /// Refuses a run, or `runs` like it side by side, that would not fit the machine's memory.
  ///
  /// - Throws: ``TrainingError/tooLarge(bytes:available:)``,
  ///   ``TrainingError/recomputeSize(given:least:)``.
  public static func check<Element: Scalar>(
    model: RecurrentModel, task: any SequenceTask, settings: TrainingSettings, runs: Int = 1,
    as type: Element.Type
  ) throws(TrainingError) {
    let choice = try recompute(model: model, task: task, settings: settings, as: type)
    let other = otherBytes(model: model, task: task, settings: settings, as: type)
    try require(bytes: Double(runs) * (choice.bytes + other))
  }

  /// Refuses buffers of `bytes`, where the machine has less memory.
  ///
  /// - Throws: ``TrainingError/tooLarge(bytes:available:)``.
  package static func require(bytes: Double) throws(TrainingError) {
    if bytes > available { throw .tooLarge(bytes: bytes, available: available) }
  }

  /// Bytes that the machine has.
  package static var available: Double { Double(ProcessInfo.processInfo.physicalMemory) }

  /// How each thread's window keeps its states under `settings.recompute`.
  ///
  /// - Throws: ``TrainingError/recomputeSize(given:least:)``.
  package static func recompute<Element: Scalar>(
    model: RecurrentModel, task: any SequenceTask, settings: TrainingSettings,
    as type: Element.Type
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
    let other = otherBytes(model: model, task: task, settings: settings, as: type)
    if let shortage = settings.recompute.shortage(of: windows, besides: other) {
      throw .recomputeSize(given: shortage.given, least: shortage.least)
    }
    return settings.recompute.choice(for: windows, besides: other, available: available)
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

  /// Numbers that a window keeps for each row and step, outputs left out: gates and states. What
  /// backward needs for one tile of steps is small beside them.
  package static func windowWidth(_ model: RecurrentModel) -> Double {
    let (hidden, blocks) = (Double(model.configuration.hidden), Double(model.cell.blocks))
    let states = model.cell.hasCellState ? 2.0 : 1.0
    return Double(model.configuration.layers) * hidden * (blocks + states)
  }
}
