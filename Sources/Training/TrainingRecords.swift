import UnrollFileFormats
import UnrollSequenceTasks

/// What one update did.
public struct UpdateRecord: Sendable, Equatable, Codable {
  /// The number of updates so far, this one included.
  public let update: Int
  /// The window's loss with penalties, before the update.
  public let loss: Double
  /// The global norm before clipping; under `state:τ`, which clips in the backward pass, the norm of
  /// the gradient that pass gave.
  public let gradientNorm: Double
  /// Whether clipping changed the gradient.
  public let clipped: Bool
  /// The learning rate of the update.
  public let learningRate: Double
  /// Whether loss, gradient and what the update made of them were finite; otherwise weights and
  /// optimizer state are as before.
  public let finite: Bool
  /// What clipping did to the gradient, under ``TrainingSettings/measuresClipping``.
  public let clippingEffect: ClippingEffect?
}

/// What a part of the data says of the weights at one point of training.
public struct EvaluationRecord: Sendable, Equatable {
  /// The number of updates made to these weights.
  public let update: Int
  /// The part of the data. During training that is the validation data, or the training data of a
  /// task without them; see `SequenceTask.selectionSplit`.
  public let split: Split
  /// Mean over the part's targets, without penalties.
  public let loss: Double
  /// Share of scored answers that are right; nil under a loss that does not count them, as
  /// squared error.
  public let accuracy: Double?

  /// A record of weights after `update` updates.
  public init(update: Int, split: Split, loss: Double, accuracy: Double?) {
    self.update = update
    self.split = split
    self.loss = loss
    self.accuracy = accuracy
  }
}

/// What the test data say of a finished run.
public struct TestRecord: Sendable, Equatable {
  /// The weights at the end; nil where they are not finite.
  public let last: EvaluationRecord?
  /// The weights with the lowest validation loss; nil where there are none.
  public let best: EvaluationRecord?
}

/// Watches training; does not steer it.
public protocol TrainingObserver: AnyObject {
  /// Called after every update. An error that it throws ends the run.
  func didUpdate(_ record: UpdateRecord) throws
  /// Called after every evaluation during training. The test is no such evaluation.
  ///
  /// - Parameter isBest: whether the loss is the lowest so far.
  func didEvaluate(_ record: EvaluationRecord, isBest: Bool) throws
  /// Called between evaluations where a checkpoint is to be saved, after all observers have been told of the
  /// last update.
  func checkpointIsDue() throws
}

extension TrainingObserver {
  /// Does nothing.
  public func didUpdate(_ record: UpdateRecord) throws {}
  /// Does nothing.
  public func didEvaluate(_ record: EvaluationRecord, isBest: Bool) throws {}
  /// Does nothing.
  public func checkpointIsDue() throws {}
}

/// Sums over a run, kept in checkpoints.
public struct TrainingTotals: Sendable, Equatable {
  /// Updates tried, those left out for not being finite included.
  public var updates = 0
  /// Updates whose gradient clipping changed.
  public var clipped = 0
  /// Updates left out because loss or gradient was not finite, or the update overflowed.
  public var nonFinite = 0
  /// The sum of the gradient norms before clipping.
  public var normSum = 0.0
  /// The largest gradient norm before clipping.
  public var largestNorm = 0.0
  /// Exponential mean of the loss over about the last 100 updates, short of the weight it has not
  /// gathered yet; ``trainLoss`` divides by ``lossWeight``.
  public var lossMean = 0.0
  /// The weight that ``lossMean`` has gathered, from 0 to 1.
  public var lossWeight = 0.0
  /// The updates made when the criterion was first met; nil before.
  public var updatesToSolve: Int?
  /// The evaluation with the lowest loss so far; nil before the first with a finite loss.
  public var bestEvaluation: EvaluationRecord?
  /// The last evaluation; nil before the first.
  public var lastEvaluation: EvaluationRecord?
  /// Seconds spent in the run: updates, evaluations, observers and the test.
  public var seconds = 0.0
  /// Of these, the seconds in updates.
  public var updateSeconds = 0.0
  /// Of these, the seconds in evaluations and the test.
  public var evaluationSeconds = 0.0

  /// Before the first update.
  public init() {}

  /// The mean milliseconds of an update; nil before the first.
  public var millisecondsPerUpdate: Double? {
    updates > 0 ? updateSeconds / Double(updates) * 1000 : nil
  }
  /// The smoothed training loss; nil before the first finite one.
  public var trainLoss: Double? { lossWeight > 0 ? lossMean / lossWeight : nil }
  /// The share of updates whose gradient clipping changed.
  public var clippedFraction: Double? { updates > 0 ? Double(clipped) / Double(updates) : nil }
  /// The mean gradient norm before clipping; nil before the first finite one.
  public var meanNorm: Double? {
    updates > nonFinite ? normSum / Double(updates - nonFinite) : nil
  }

  /// Whether updates were tried, and all of them left out: the run became non-finite at once.
  public var leftOutAll: Bool { updates > 0 && nonFinite == updates }

  mutating func add(_ record: UpdateRecord) {
    updates += 1
    guard record.finite else {
      nonFinite += 1
      return
    }
    if record.clipped { clipped += 1 }
    normSum += record.gradientNorm
    largestNorm = max(largestNorm, record.gradientNorm)
    lossMean = 0.99 * lossMean + 0.01 * record.loss
    lossWeight = 0.99 * lossWeight + 0.01
  }
}

/// Why training cannot go on, or not begin.
public enum TrainingError: Error, Equatable, Sendable {
  /// A file that is read during the run was cut short. The update at which that was found out was not made.
  case dataLost(FileError)
  /// A loss or gradient was not finite, or where both were, the update overflowed the weights or the
  /// optimizer's state; it was undone then. `previousNorm` is the norm of the update before.
  case nonFinite(update: Int, loss: Double, norm: Double, previousNorm: Double?)
  /// The buffers would need more memory than the machine has.
  case tooLarge(bytes: Double, available: Double)
  /// `Recompute.memory` names fewer bytes than the buffers take with the fewest states kept.
  case recomputeSize(given: Int, least: Int)
  /// The task has no step with a target, or had none in a thousand batches.
  case noTargets(task: String)
  /// A stream cannot be trained at full length.
  case streamNeedsWindow(task: String)
  /// The regularizer of the settings is defined for the `rnn` cell alone.
  case regularizerNeedsRNN(regularizer: String, cell: String)
  /// The batch has fewer rows than there are ranks to share them.
  case tooFewRows(batch: Int, ranks: Int)
  /// A checkpoint in the layout of another version of Unroll.
  case checkpointVersion(path: String, saved: String, accepted: String)
  /// A checkpoint belongs to another model or run: what differs, there and here.
  case checkpointMismatch(path: String, what: String, saved: String, given: String)
}
