import UnrollTraining

/// What ranks tell each other while they share the runs of a sweep. A run is named by its place among
/// all runs of the sweep.
enum SweepMessage: Codable, Sendable, Equatable {
  // To rank 0.

  /// The rank has a thread without a run.
  case wantsRun
  /// The run has made an update, of as many as it will make at most.
  case updated(run: Int, UpdateRecord, updates: Int)
  /// The run without clipping has ended.
  case measured(run: Int, MeanNorm)
  /// The run has ended, on that CPU.
  case trained(run: Int, RunMeasures, cpu: String)
  /// The rank has given the run up.
  case gaveUp(run: Int)
  /// The rank was interrupted.
  case interrupted
  /// The rank's last message.
  case goodbye

  // From rank 0.

  /// Make this run without clipping.
  case measure(run: Int)
  /// Make this run; a multiple of the mean norm is of `reference`.
  case train(run: Int, reference: MeanNorm?)
  /// Give up the runs that are being made.
  case stop
  /// There is nothing left to do.
  case end
}
