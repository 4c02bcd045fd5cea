import UnrollDenseMath

/// The squared error of each row, mean over the outputs: ℓ = 1/O Σ_j (y_j − t_j)².
public struct SquaredError: Loss {
  public let name = "squared error"

  /// The loss has no settings.
  public init() {}

  /// Number targets.
  public func accepts(_ target: TargetKind) -> Bool {
    if case .values = target { true } else { false }
  }

  @_specialize(where Element == Float)
  public func evaluate<Element: Scalar>(
    _ outputs: Matrix<Element>, against targets: LossTargets<Element>, weights: Matrix<Element>,
    into rows: inout RowLosses
  ) {
    guard case .values(let targets) = targets else { return }
    outputs.squaredError(targets: targets, weights: weights, losses: &rows.losses)
  }
}

/// The cross-entropy of the softmax of each row, in nats: ℓ = ln Σ_j e^(y_j) − y_class. An answer is
/// right where the largest output is the class's.
public struct SoftmaxCrossEntropy: Loss {
  public let name = "cross-entropy"
  public let countsHits = true

  /// The loss has no settings.
  public init() {}

  /// Classes.
  public func accepts(_ target: TargetKind) -> Bool {
    if case .classes = target { true } else { false }
  }

  @_specialize(where Element == Float)
  public func evaluate<Element: Scalar>(
    _ outputs: Matrix<Element>, against targets: LossTargets<Element>, weights: Matrix<Element>,
    into rows: inout RowLosses
  ) {
    guard case .classes(let classes) = targets else { return }
    outputs.softmaxCrossEntropy(
      classes: classes, weights: weights, losses: &rows.losses, hits: &rows.hits)
  }
}

extension TargetKind {
  /// The loss of such targets where no other is given: ``SquaredError`` for numbers,
  /// ``SoftmaxCrossEntropy`` for classes.
  public var loss: any Loss {
    switch self {
    case .values: SquaredError()
    case .classes: SoftmaxCrossEntropy()
    }
  }
}
