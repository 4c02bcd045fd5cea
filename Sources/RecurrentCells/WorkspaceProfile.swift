import UnrollDenseMath

/// How the time of a window's passes divides among their parts. Set it on a ``SequenceWorkspace`` to
/// measure.
public final class WorkspaceProfile {
  /// What is done for a whole tile of steps, or a whole window, at once.
  public enum Part: Int, CaseIterable, Sendable {
    /// Forward, loss and backward with all that they do, the other parts included.
    case pass
    /// The product of the inputs and W_ih.
    case inputProduct
    /// The readout and the loss, forward and backward.
    case readout
    /// The gradients of W_ih, W_hh and the biases.
    case weightGradients
    /// The gradient by the inputs of a layer above the first.
    case inputGradients
  }

  /// Inside the runs of recurrent steps, forward.
  public let forward = StepProfile()
  /// Inside the runs of recurrent steps, backward.
  public let backward = StepProfile()
  private var durations = [Duration](repeating: .zero, count: Part.allCases.count)

  /// A profile without any time.
  public init() {}

  /// Seconds spent in `part` since the last ``reset()``.
  public func seconds(in part: Part) -> Double {
    durations[part.rawValue].seconds
  }

  /// Forgets all times.
  public func reset() {
    forward.reset()
    backward.reset()
    for index in durations.indices { durations[index] = .zero }
  }

  func time<Result>(_ part: Part, _ body: () -> Result) -> Result {
    let start = ContinuousClock.now
    defer { durations[part.rawValue] += ContinuousClock.now - start }
    return body()
  }
}

extension WorkspaceProfile? {
  /// Runs `body`, and adds the time it takes to the profile if there is one.
  func time<Result>(_ part: WorkspaceProfile.Part, _ body: () -> Result) -> Result {
    if let self { self.time(part, body) } else { body() }
  }
}
