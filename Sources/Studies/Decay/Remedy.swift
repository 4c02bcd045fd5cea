import Foundation
import UnrollOptimization
import UnrollRecurrentCells
import UnrollText
import UnrollTraining

/// A change that may help a model's gradient to reach further back; among them the model as it is, which
/// the others are compared with.
public struct Remedy: Sendable, Equatable {
  /// What is changed.
  public enum Change: Sendable, Equatable {
    /// Nothing.
    case asGiven
    /// The weights, which are drawn anew as the model's initializers do: what a trained model's other
    /// fresh weights are to be compared with.
    case freshWeights
    /// The gradient is cut off as by `--window`.
    case window(Truncation)
    /// What the two forget biases of a unit sum to.
    case forgetBias(Double)
    /// W_hh is orthogonal (Saxe, McClelland & Ganguli 2014).
    case orthogonal
    /// W_hh is the identity, and the activation ReLU (Le, Jaitly & Hinton 2015).
    case identityWithReLU
    /// Another cell, with default options but for the forget bias.
    case cell
  }

  /// What is changed.
  public let change: Change
  /// The cell that results, with its initializers.
  public let specification: CellSpecification
  /// Whether the weights are the model's own, except for the biases that are changed. Otherwise they are
  /// drawn by the initializers from the model's seed.
  public let keepsWeights: Bool
}

extension Remedy {
  // Names by which a run's files tell these from the others.
  package static let asGivenName = "as given"
  package static let freshWeightsName = "fresh weights"
  package static let windowName = "window "

  /// What is changed, in a few words, which are different for each of a model's changes.
  public var name: String {
    switch change {
    case .asGiven: Self.asGivenName
    case .freshWeights: Self.freshWeightsName
    case .window(let truncation): Self.windowName + "\(truncation)"
    case .forgetBias(let bias): "forget bias \(bias.plainText)"
    case .orthogonal: "orthogonal W_hh"
    case .identityWithReLU: "identity, ReLU"
    case .cell:
      specification.kind.name.uppercased()
        + (specification.takesForgetBias
          ? ", forget bias \(specification.forgetBias?.plainText ?? "none")" : "")
    }
  }

  /// The changes that fit a model's cell, after the model as it is; those that change least come first.
  ///
  /// - Parameters:
  ///   - given: the model's cell, with its initializers.
  ///   - isTrained: whether the model's weights are others than its initializers draw.
  ///   - truncation: where training is to cut the gradient off.
  ///   - steps: T, for the forget bias ln T. A gate of σ(ln T) = T/(T+1) keeps c for some T steps
  ///     (Tallec & Ollivier 2018, *Can recurrent neural networks warp time?*).
  static func changes(
    to given: CellSpecification, isTrained: Bool, truncation: Truncation, steps: Int
  ) -> [Remedy] {
    var remedies = [Remedy(change: .asGiven, specification: given, keepsWeights: true)]
    /// Adds a change of which the model has something left to change.
    func add(
      _ change: Change, keepingWeights: Bool = false, _ edit: (inout CellSpecification) -> Void
    ) {
      var specification = given
      edit(&specification)
      if specification == given, !isTrained { return }
      remedies.append(
        Remedy(change: change, specification: specification, keepsWeights: keepingWeights))
    }
    if isTrained { add(.freshWeights) { _ in } }
    if truncation != .full {
      remedies.append(
        Remedy(change: .window(truncation), specification: given, keepsWeights: true))
    }
    let biases = forgetBiases(steps: steps)
    if given.takesForgetBias {
      for bias in biases {
        add(.forgetBias(bias), keepingWeights: isTrained) { $0.forgetBias = bias }
      }
    }
    if given.kind.options.contains(.initializer) {
      add(.orthogonal) { $0.initializer = .orthogonal }
    }
    if given.kind == .rnn {
      add(.identityWithReLU) { ($0.activation, $0.initializer) = (.relu, .identity(1)) }
    }
    if given.kind != .gru, given.kind != .lstm { add(.cell) { $0 = CellSpecification(.gru) } }
    if given.kind != .lstm {
      for bias in biases {
        add(.cell) {
          $0 = CellSpecification(.lstm)
          $0.forgetBias = bias
        }
      }
    }
    return remedies
  }

  /// 1, 3 and ln T, to three decimals so that it can be written as an option.
  private static func forgetBiases(steps: Int) -> [Double] {
    [1, 3, (log(Double(steps)) * 1000).rounded() / 1000].distinct
  }
}

extension CellSpecification {
  fileprivate var takesForgetBias: Bool { kind.options.contains(.forgetBias) }
}
