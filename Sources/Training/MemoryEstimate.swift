import DenseMath
import Foundation
import RecurrentCells
import SequenceTasks

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
    let bytes = Double(runs) * bytes(model: model, task: task, settings: settings, as: type)
    let available = Double(ProcessInfo.processInfo.physicalMemory)
    if bytes > available { throw .tooLarge(bytes: bytes, available: available) }
  }

  private static func bytes<Element: Scalar>(
    model: RecurrentModel, task: any SequenceTask, settings: TrainingSettings,
    as type: Element.Type
  ) -> Double {
    let configuration = model.configuration
    let (hidden, gates) = (Double(configuration.hidden), Double(model.cell.gates))
    let length = task.steps(in: .train, rows: settings.batch)
    let steps = Double(settings.truncation.capacity(for: length)) * Double(settings.batch)
    let states = model.cell.hasCellState ? 2.0 : 1.0
    let window =
      steps
      * (Double(configuration.layers) * hidden * (2 * gates + states) + hidden
        + Double(configuration.target.width))
    let data =
      (task.isStream ? steps : Double(length) * Double(settings.batch))
      * Double(configuration.input.width)
    // Weights, best weights, up to two slots of the optimiser, and a gradient for each thread.
    let weights = Double(model.layout.count) * Double(4 + min(settings.threads, settings.batch))
    return (window + data + weights) * Double(MemoryLayout<Element>.size)
  }
}
