import Foundation
import UnrollDenseMath
import UnrollFileFormats
import UnrollGradientFlow
import UnrollOptimization
import UnrollTraining

/// Records a training for TensorBoard: scalars of every update and evaluation, histograms of weights and
/// gradients at evaluations, and the decay of the gradient where it is watched.
///
///     let events = TensorBoardLog(trainer, log: EventLog(in: "runs/mine"))
///     trainer.observers.append(events)
///     try trainer.run()
///     try events.synchronize()
///
/// | tags | of |
/// | --- | --- |
/// | `loss/train`, `gradient/norm` (before clipping), `gradient/clipped` (0 or 1), `learning_rate` | each update |
/// | `loss/validation`, `accuracy/validation` (`training_data` for a task without such data) | each evaluation |
/// | `weights/…`, `gradients/…` (after clipping): histograms by parameter | each evaluation |
/// | `decay/rate`, `decay/half_life`, `decay/horizon`, where a curve has them | each ``WatchedCurve`` |
/// | `loss/test`, `loss/test_best` (of the best weights), `accuracy/test` | the end |
public final class TensorBoardLog<Element: Scalar>: TrainingObserver {
  private unowned let trainer: Trainer<Element>
  private let log: EventLog
  /// Whether the trainer holds the gradient of an update that is not recorded yet.
  private var hasNewGradient = false

  /// Records `trainer` in `log`.
  public init(_ trainer: Trainer<Element>, log: EventLog) {
    self.trainer = trainer
    self.log = log
  }

  public func didUpdate(_ record: UpdateRecord) throws {
    hasNewGradient = true
    try log.append(
      [
        ("loss/train", .scalar(record.loss)), ("gradient/norm", .scalar(record.gradientNorm)),
        ("gradient/clipped", .scalar(record.clipped ? 1 : 0)),
        ("learning_rate", .scalar(record.learningRate)),
      ], step: record.update)
    // Before the evaluation, which may be interrupted. It is then taken again, without this gradient.
    if trainer.isEvaluationDue { try appendGradient(step: record.update) }
  }

  private func appendGradient(step: Int) throws {
    guard hasNewGradient else { return }
    hasNewGradient = false
    let gradient = trainer.gradient
    try log.append(
      trainer.parameters.layout.entries.map {
        ("gradients/\($0.name)", .histogram(EventHistogram(gradient.slice($0.range).values)))
      }, step: step)
  }

  public func didEvaluate(_ record: EvaluationRecord, isBest: Bool) throws {
    let part = record.split == .validation ? "validation" : "training_data"
    var values: [(String, EventValue)] = [("loss/\(part)", .scalar(record.loss))]
    if let accuracy = record.accuracy { values.append(("accuracy/\(part)", .scalar(accuracy))) }
    let weights = trainer.parameters
    for entry in weights.layout.entries {
      values.append(("weights/\(entry.name)", .histogram(EventHistogram(weights[entry].values))))
    }
    try log.append(values, step: record.update)
    try appendGradient(step: record.update)
  }

  /// Records a curve of the gradient's decay.
  ///
  /// - Throws: ``FileError``.
  public func didMeasure(_ curve: WatchedCurve) throws {
    let numbers: [(String, Double?)] = [
      ("rate", curve.fit.rate), ("half_life", curve.fit.halfLife),
      ("horizon", curve.fit.horizon.map(Double.init)),
    ]
    try log.append(
      numbers.compactMap { name, number in number.map { ("decay/\(name)", .scalar($0)) } },
      step: curve.step)
  }

  /// Records what the test data say at the end of the run.
  ///
  /// - Throws: ``FileError``.
  public func append(_ test: TestRecord) throws {
    let values: [(String, Double?)] = [
      ("loss/test", test.last?.loss), ("loss/test_best", test.best?.loss),
      ("accuracy/test", test.last?.accuracy),
    ]
    try log.append(
      values.compactMap { tag, value in value.map { (tag, .scalar($0)) } },
      step: trainer.totals.updates)
  }

  /// Records a picture, the content of a PNG file. What is none is left out.
  ///
  /// - Throws: ``FileError``.
  public func append(picture png: Data, named name: String) throws {
    guard let picture = EventValue(png: png) else { return }
    try log.append([(name, picture)], step: trainer.totals.updates)
  }

  /// Puts all records onto the disk.
  ///
  /// - Throws: ``FileError``.
  public func synchronize() throws { try log.synchronize() }
}
