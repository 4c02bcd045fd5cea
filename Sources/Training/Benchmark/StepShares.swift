import UnrollDenseMath
import UnrollRecurrentCells

/// Where the time of a training step goes, as shares of it, means over the workers. They sum to 1.
public struct StepShares: Sendable, Equatable {
  /// The product of the inputs and W_ih.
  public var inputProduct = 0.0
  /// The products with W_hh in the forward pass.
  public var recurrentForward = 0.0
  /// Activations and states, forward and backward.
  public var gates = 0.0
  /// The products with W_hhᵀ in the backward pass.
  public var recurrentBackward = 0.0
  /// The gradients of the weights.
  public var weightGradients = 0.0
  /// The sum of the gradient over the ranks, with waiting for the slowest; of this rank.
  public var allReduce = 0.0
  /// All else outside the pass: layout of the weights, sums over workers, clipping, optimizer, waiting.
  public var update = 0.0
  /// What the pass does besides.
  public var rest = 0.0
}

extension StepBenchmark {
  /// Where the time goes, over at least `least` steps and about `budget` seconds. These steps read
  /// the clock at every time step, so they are not the ones to be timed.
  public func shares(budget: Double, least: Int = 3) throws(TrainingError) -> StepShares {
    let workspaces = trainer.shared.shards.map(\.workspace)
    let profiles = workspaces.map { _ in WorkspaceProfile() }
    for (workspace, profile) in zip(workspaces, profiles) { workspace.profile = profile }
    defer { for workspace in workspaces { workspace.profile = nil } }

    try step()
    for profile in profiles { profile.reset() }
    trainer.shared.exchangeSeconds = 0
    let total = try trainer.times(budget: budget, least: least).reduce(0, +)
    func share(_ seconds: (WorkspaceProfile) -> Double) -> Double {
      profiles.reduce(0) { $0 + seconds($1) } / (Double(profiles.count) * total)
    }

    var shares = StepShares()
    shares.inputProduct = share { $0.seconds(in: .inputProduct) }
    shares.recurrentForward = share { $0.forward.product }
    shares.gates = share { $0.forward.pointwise + $0.backward.pointwise }
    shares.recurrentBackward = share { $0.backward.product }
    shares.weightGradients = share { $0.seconds(in: .weightGradients) }
    let pass = share { $0.seconds(in: .pass) }
    shares.allReduce = trainer.shared.exchangeSeconds / total
    shares.update = 1 - pass - shares.allReduce
    shares.rest =
      pass - shares.inputProduct - shares.recurrentForward - shares.gates
      - shares.recurrentBackward - shares.weightGradients
    return shares
  }
}
