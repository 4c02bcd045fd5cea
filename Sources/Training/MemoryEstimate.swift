import Foundation
import UnrollDenseMath
import UnrollRecurrentCells
import UnrollSequenceTasks

/// How much memory a run's buffers take, so that sizes the machine cannot hold are refused before
/// anything is allocated.
public enum MemoryEstimate {
  /// Refuses a run, or `runs` like it side by side, that would not fit the machine's memory.
  ///
  /// - Throws: ``TrainingError/tooLarge(bytes:available:)``.
  public static func check<Element: Scalar>(
    model: RecurrentModel, task: any SequenceTask, settings: TrainingSettings, runs: Int = 1,
    as type: Element.Type
  ) throws(TrainingError) {
    try require(bytes: Double(runs) * bytes(model: model, task: task, settings: settings, as: type))
  }

  /// Refuses buffers of `bytes`, where the machine has less memory.
  ///
  /// - Throws: ``TrainingError/tooLarge(bytes:available:)``.
  package static func require(bytes: Double) throws(TrainingError) {
    let available = Double(ProcessInfo.processInfo.physicalMemory)
    if bytes > available { throw .tooLarge(bytes: bytes, available: available) }
  }

  private static func bytes<Element: Scalar>(
    model: RecurrentModel, task: any SequenceTask, settings: TrainingSettings,
    as type: Element.Type
  ) -> Double {
    let length = task.timeSteps(in: .train, rows: settings.batch)
    let steps = Double(settings.truncation.capacity(for: length)) * Double(settings.batch)
    let window = steps * (windowWidth(model) + Double(model.configuration.target.width))
    let data =
      (task.isStream ? steps : Double(length) * Double(settings.batch))
      * Double(model.configuration.input.width)
    // Weights, their layout both ways, best weights, up to two slots of the optimizer, and a gradient
    // for each thread; once more where clipping is measured.
    let gradients = min(settings.threads, settings.batch) * (settings.measuresClipping ? 2 : 1)
    let weights = Double(model.layout.count) * Double(6 + gradients)
    return (window + data + weights) * Double(MemoryLayout<Element>.size)
  }

  /// Numbers that a window keeps for each row and step, outputs left out: gates and states. What
  /// backward needs for one tile of steps is small beside them.
  package static func windowWidth(_ model: RecurrentModel) -> Double {
    let (hidden, blocks) = (Double(model.configuration.hidden), Double(model.cell.blocks))
    let states = model.cell.hasCellState ? 2.0 : 1.0
    return Double(model.configuration.layers) * hidden * (blocks + states)
  }
}
