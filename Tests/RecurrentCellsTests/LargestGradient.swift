@testable import UnrollRecurrentCells

/// The largest gradient by a pre-activation that an observer is shown.
final class LargestGradient: BackwardObserver {
  private(set) var largest = 0.0
  private(set) var steps = 0
  private let columns: Int?

  /// - Parameter columns: the first columns of the gates' gradients that are pre-activations; nil for
  ///   all.
  init(columns: Int? = nil) { self.columns = columns }

  func observe(_ step: BackwardStep<Double>) {
    let gradients = step.gateGradients.columns(0..<(columns ?? step.gateGradients.columns))
    steps += 1
    largest = max(largest, gradients.values.map(abs).max() ?? 0)
  }
}
