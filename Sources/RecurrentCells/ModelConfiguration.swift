import UnrollText

/// What a recurrent model is made of, apart from its cell's own settings.
public struct ModelConfiguration: Sendable, Equatable {
  /// What enters at each step.
  public var input: InputKind
  /// What the model is trained to give.
  public var target: TargetKind
  /// H.
  public var hidden: Int
  /// The number of stacked layers.
  public var layers: Int
  /// Whether the state a sequence starts from is a parameter rather than zero.
  public var learnsInitialState: Bool

  /// Whether a linear layer stands behind the top layer; false where ``target`` is `.values(0)`.
  public var hasReadout: Bool { target.width > 0 }

  /// A configuration of one layer unless told otherwise.
  ///
  /// - Precondition: `hidden` and `layers` are at least 1.
  public init(
    input: InputKind, target: TargetKind, hidden: Int, layers: Int = 1,
    learnsInitialState: Bool = false
  ) {
    require(
      hidden >= 1 && layers >= 1, "expected at least 1 unit and layer, got \(hidden), \(layers)")
    self.input = input
    self.target = target
    self.hidden = hidden
    self.layers = layers
    self.learnsInitialState = learnsInitialState
  }
}
