import UnrollDenseMath
import UnrollFeedForward
import UnrollSequenceTasks
import UnrollTraining

/// One feed-forward network of three layers whose gradients are checked against central differences.
public struct FeedForwardCheckCase: Sendable {
  /// The layers, and how their weights are initialized.
  public let specification: FeedForwardSpecification
  /// What the outputs are judged by.
  public let loss: CheckCase.Loss
  /// What is added to the loss.
  public let penalty: CheckCase.NamedPenalty

  /// The case in words, as JSON names it.
  public var name: String {
    "stack \(specification), 3 layers, \(loss.rawValue), "
      + (penalty.name == "-" ? "no penalty" : penalty.name)
  }

  /// For a narrow column: without the initializer, which all share.
  public var label: String {
    var shown = specification
    shown.initializer = .pytorch
    return shown.description
  }

  /// Every activation, and maxout, with and without batch normalization and residual connections; losses and
  /// penalties by turns.
  public static let all: [FeedForwardCheckCase] = LayerFunction.samples.enumerated().flatMap {
    place, function in
    (0..<4).map { option in
      var specification = FeedForwardSpecification(function)
      specification.initializer = .he
      specification.isNormalized = option & 1 != 0
      specification.isResidual = option & 2 != 0
      // Turned so that linear layers with batch normalization have a penalty: the next layer takes
      // away what a shift adds, and a gradient of exactly 0 drowns in the rounding of a difference.
      let turn = place + option + 2
      return FeedForwardCheckCase(
        specification: specification, loss: CheckCase.Loss.allCases[turn % 2],
        penalty: CheckCase.penalties[turn / 2 % CheckCase.penalties.count])
    }
  }

  /// Checks the case at random weights and data drawn from `seed`.
  public func run(seed: UInt64, method: CheckMethod = .differences) -> CheckResult {
    CheckResult.best { run(seed: seed, method, draw: $0) }
  }

  private func run(seed: UInt64, _ method: CheckMethod, draw: UInt64) -> CheckResult {
    var random = RandomNumbers(seed: seed, 0x57C4, draw)
    let (rows, width, outputs) = (5, CheckSizes.inputs, CheckSizes.outputs)
    let stack = FeedForwardNetwork(
      specification, inputs: width, width: width, depth: 3, outputs: outputs)
    let parameters = stack.initialParameters(seed: random.next())
    // Off 0, where L1 has its kink.
    for index in 0..<parameters.values.count where parameters.values[0, index] == 0 {
      parameters.values[0, index] = random.uniform(-0.5, 0.5)
    }
    func normals(_ columns: Int) -> Matrix<Double> {
      Matrix(rows: rows, columns: columns, (0..<rows * columns).map { _ in random.normal() })
    }
    let inputs = normals(width)
    let targets: FeedForwardTargets<Double> =
      switch loss {
      case .squaredError: .values(normals(outputs))
      case .crossEntropy: .classes((0..<rows).map { _ in Int32(random.integer(in: 0..<outputs)) })
      }
    var result = CheckResult(name: name, method: method)
    let compare =
      method == .differences ? FeedForwardCheck.run : FeedForwardCheck.comparePrecisions
    result.add(compare(stack, parameters, inputs, targets, penalty.penalty))
    return result
  }
}
