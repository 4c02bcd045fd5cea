/// What a recurrent model is made of, apart from its cell's own settings.
public struct ModelConfiguration: Sendable, Equatable {
  public var input: InputKind
  public var target: TargetKind
  /// H.
  public var hidden: Int
  public var layers: Int
  /// Whether the state a sequence starts from is a parameter rather than zero.
  public var learnsInitialState: Bool

  public init(
    input: InputKind, target: TargetKind, hidden: Int, layers: Int = 1,
    learnsInitialState: Bool = false
  ) {
    precondition(
      hidden >= 1 && layers >= 1, "expected at least 1 unit and layer, got \(hidden), \(layers)")
    self.input = input
    self.target = target
    self.hidden = hidden
    self.layers = layers
    self.learnsInitialState = learnsInitialState
  }

  /// The number of parameters a model with `gates` gates would have; nil when it overflows.
  public func parameterCount(gates: Int) -> Int? {
    var total = 0
    for layer in 0..<layers {
      let width = layer == 0 ? input.width : hidden
      let (sum, overflowed) = width.addingReportingOverflow(hidden + 2)
      let (units, tooMany) = hidden.multipliedReportingOverflow(by: gates)
      let (count, tooLarge) = sum.multipliedReportingOverflow(by: units)
      let (next, full) = total.addingReportingOverflow(count)
      if overflowed || tooMany || tooLarge || full { return nil }
      total = next
    }
    let (head, overflowed) = target.width.multipliedReportingOverflow(by: hidden + 1)
    let (all, full) = total.addingReportingOverflow(head)
    return overflowed || full ? nil : all
  }
}
