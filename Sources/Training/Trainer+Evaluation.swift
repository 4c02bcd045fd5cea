import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks

// What the trainer measures: the validation data while it trains, the test data at the end.
extension Trainer {
  /// Whether the present weights are still to be evaluated. After a run that was stopped during an
  /// evaluation, the next one begins with it.
  public var isEvaluationDue: Bool {
    guard totals.lastEvaluation?.update != totals.updates else { return false }
    return totals.updates == settings.updates
      || totals.updates > 0 && totals.updates % settings.evaluateEvery == 0
  }

  /// Takes the evaluation or the look at the criterion that is due after the last update, if any.
  ///
  /// - Returns: False where `shouldStop` broke it off.
  /// - Throws: what an observer throws.
  func evaluateWhereDue(until shouldStop: () -> Bool) throws -> Bool {
    if isEvaluationDue { return try evaluate(until: shouldStop) != nil }
    guard let every = settings.solveEvery, let criterion, !isSolved, totals.updates > 0,
      totals.updates % every == 0, totals.lastEvaluation?.update != totals.updates
    else { return true }
    shared.weights.refresh()
    guard let result = timing({ evaluator.run(until: shouldStop) }) else { return false }
    try requireUnchangedFiles()
    if criterion.isMet(loss: result.loss, accuracy: result.accuracy) { try take(result) }
    return true
  }

  /// Takes the loss on the validation data, or on the training data of a task without them, and keeps
  /// the weights where it is the lowest.
  ///
  /// - Throws: what an observer throws.
  @discardableResult
  public func evaluate() throws -> EvaluationRecord {
    shared.weights.refresh()
    return try take(timing { evaluator.run() })
  }

  /// The same, unless `shouldStop`, which is asked again and again, says to break off. What was evaluated
  /// up to there counts for nothing.
  ///
  /// - Returns: Nil where it was broken off.
  /// - Throws: what an observer throws.
  public func evaluate(until shouldStop: () -> Bool) throws -> EvaluationRecord? {
    shared.weights.refresh()
    return try timing { evaluator.run(until: shouldStop) }.map(take)
  }

  /// Evaluates the weights before the update at which a run became non-finite, where none were evaluated
  /// earlier: they are its best where their loss is finite.
  ///
  /// - Returns: False where `shouldStop` broke it off.
  /// - Throws: what an observer throws.
  public func evaluateBrokenOff(until shouldStop: () -> Bool = { false }) throws -> Bool {
    try totals.lastEvaluation != nil || evaluate(until: shouldStop) != nil
  }

  @discardableResult
  private func take(_ result: (loss: Double, accuracy: Double?)) throws -> EvaluationRecord {
    let (loss, accuracy) = result
    try requireUnchangedFiles()
    let record = EvaluationRecord(
      update: totals.updates, split: task.selectionSplit, loss: loss, accuracy: accuracy)
    totals.lastEvaluation = record
    let isBest = loss.isFinite && loss < totals.bestEvaluation?.loss ?? .infinity
    if isBest {
      totals.bestEvaluation = record
      if best == nil { best = Parameters(parameters.layout) }
      best?.values.assign(parameters.values)
    }
    if totals.updatesToSolve == nil, criterion?.isMet(loss: loss, accuracy: accuracy) == true {
      totals.updatesToSolve = totals.updates
    }
    gatherState()
    for observer in observers { try observer.didEvaluate(record, isBest: isBest) }
    return record
  }

  /// Refuses a result of data that were no longer there, or no longer the same.
  ///
  /// - Throws: ``TrainingError/dataLost(_:)``.
  package func requireUnchangedFiles() throws(TrainingError) {
    do { try task.requireUnchangedFiles() } catch { throw .dataLost(error) }
  }

  /// Evaluates the best weights so far again, whose loss is of data that have changed since. Where that is
  /// not finite, or `shouldStop` broke it off on some rank, they are forgotten.
  ///
  /// - Returns: Nil where there are no best weights any more.
  public func evaluateBest(until shouldStop: () -> Bool = { false }) -> EvaluationRecord? {
    guard let best, let update = totals.bestEvaluation?.update else { return nil }
    let packed = PackedParameters(model, best)
    let evaluator = Evaluator(
      packed, task: task, split: task.selectionSplit, trainingRows: settings.batch,
      threads: settings.threads, loss: loss, ranks: ranks)
    let result = timing {
      packed.refresh()
      return evaluator.run(until: shouldStop)
    }
    guard let result, result.loss.isFinite else {
      (self.best, totals.bestEvaluation) = (nil, nil)
      return nil
    }
    let record = EvaluationRecord(
      update: update, split: task.selectionSplit, loss: result.loss, accuracy: result.accuracy)
    totals.bestEvaluation = record
    return record
  }

  /// Takes the test loss of the present weights and of the best ones. It is to be read once, when
  /// nothing is chosen any more; nothing of the trainer depends on it.
  ///
  /// - Parameters:
  ///   - isFinite: whether the run stayed finite. One that became non-finite has no weights at its end, so
  ///     that the best ones alone are tested.
  ///   - shouldStop: asked again and again; returning true breaks off.
  /// - Returns: Nil for a task without test data, and where `shouldStop` broke it off.
  public func test(
    isFinite: Bool = true, until shouldStop: () -> Bool = { false }
  ) -> TestRecord? {
    guard task.has(.test) else { return nil }
    let start = ContinuousClock.now
    defer { totals.seconds += (ContinuousClock.now - start).seconds }
    let hasFiniteWeights = isFinite && parameters.values.isFinite
    guard hasFiniteWeights || best != nil && totals.bestEvaluation != nil else {
      return TestRecord(last: nil, best: nil)
    }
    // Made here rather than with the trainer, as the test is read once.
    let measured = Parameters<Element>(parameters.layout)
    let packed = PackedParameters(model, measured)
    let evaluator = Evaluator(
      packed, task: task, split: .test, trainingRows: settings.batch, threads: settings.threads,
      loss: loss, ranks: ranks)
    func test(_ weights: Parameters<Element>, after update: Int) -> EvaluationRecord? {
      timing {
        measured.values.assign(weights.values)
        packed.refresh()
        return evaluator.run(until: shouldStop).map {
          EvaluationRecord(update: update, split: .test, loss: $0.loss, accuracy: $0.accuracy)
        }
      }
    }
    var last: EvaluationRecord?
    if hasFiniteWeights {
      last = test(parameters, after: totals.updates)
      if last == nil { return nil }
    }
    guard let best, let update = totals.bestEvaluation?.update else {
      return TestRecord(last: last, best: nil)
    }
    if let last, update == totals.updates { return TestRecord(last: last, best: last) }
    guard let best = test(best, after: update) else { return nil }
    return TestRecord(last: last, best: best)
  }

  /// Counts the time that `body` takes as an evaluation's.
  private func timing<Result>(_ body: () -> Result) -> Result {
    let start = ContinuousClock.now
    defer { totals.evaluationSeconds += (ContinuousClock.now - start).seconds }
    return body()
  }
}
