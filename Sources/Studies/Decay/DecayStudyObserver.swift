import UnrollTraining

/// Watches a ``DecayStudy`` while it trains and measures. Every method has a default that does
/// nothing.
public protocol DecayStudyObserver: Sendable {
  /// A training is about to begin. The observer returned is told of each of its updates.
  func willTrain(_ subject: DecaySubject) -> (any TrainingObserver)?
  /// A training has ended; the weights it left are measured next.
  func didTrain(_ subject: DecaySubject, _ training: DecayTraining)
  /// The measurement of a model is about to begin.
  func willMeasure(_ subject: DecaySubject)
  /// A part of the measurement that takes long is about to begin, for example `exponents`.
  ///
  /// - Parameter steps: how often ``didStep()`` will be called for it; nil for a part that does not
  ///   count its steps, after which an earlier part may go on.
  func willMeasure(_ part: String, steps: Int?)
  /// A step of the last part that counts its steps is done. Called from several threads.
  func didStep()
  /// The measurement of a model has ended.
  func didMeasure(_ subject: DecaySubject)
}

extension DecayStudyObserver {
  public func willTrain(_ subject: DecaySubject) -> (any TrainingObserver)? { nil }
  public func didTrain(_ subject: DecaySubject, _ training: DecayTraining) {}
  public func willMeasure(_ subject: DecaySubject) {}
  public func willMeasure(_ part: String, steps: Int?) {}
  public func didStep() {}
  public func didMeasure(_ subject: DecaySubject) {}
}

/// An observer that does nothing.
public struct SilentDecayObserver: DecayStudyObserver {
  /// Makes the observer.
  public init() {}
}
