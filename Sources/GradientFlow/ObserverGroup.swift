import UnrollRecurrentCells

/// Several observers of one backward pass.
final class ObserverGroup: BackwardObserver {
  private let observers: [any BackwardObserver<Double>]

  init(_ observers: [any BackwardObserver<Double>]) { self.observers = observers }

  func observe(_ step: BackwardStep<Double>) {
    for observer in observers { observer.observe(step) }
  }
}
