import Testing
import UnrollDenseMath
import UnrollFeedForward
import UnrollOptimization

/// Every activation, with and without batch normalization and residual connections.
private let specifications: [FeedForwardSpecification] = Activation.samples.flatMap { activation in
  [(false, false), (true, false), (false, true), (true, true)].map { isNormalized, isResidual in
    var specification = FeedForwardSpecification(activation)
    specification.initializer = .he
    specification.isNormalized = isNormalized
    specification.isResidual = isResidual
    return specification
  }
}

struct FeedForwardGradientTests {
  /// Central differences agree to about 1e-9 where a gradient is not small; 1e-7 is what
  /// `unroll check` accepts.
  @Test(arguments: specifications)
  func matchesCentralDifferences(_ specification: FeedForwardSpecification) {
    var random = RandomNumbers(seed: 7)
    let stack = FeedForwardNetwork(specification, inputs: 3, width: 3, depth: 3, outputs: 2)
    let parameters = stack.initialParameters(seed: 7)
    for index in 0..<parameters.values.count {
      parameters.values[0, index] += random.uniform(-0.1, 0.1)
    }
    let inputs = Matrix<Double>(rows: 5, columns: 3, (0..<15).map { _ in random.normal() })
    let targets = Matrix<Double>(rows: 5, columns: 2, (0..<10).map { _ in random.normal() })
    for target in [FeedForwardTargets.values(targets, scale: 0.5), .classes([0, 1, 1, 0, 1])] {
      let report = FeedForwardCheck.run(
        stack, parameters, inputs: inputs, targets: target, penalty: Penalty(l1: 0.01, l2: 0.02))
      #expect(report.worst < 1e-7, "\(specification)")
      #expect(report.compared > report.leftOut)
    }
  }

  /// Float follows Double to a few of its 2⁻²⁴ through three layers.
  @Test func precisionsAgree() throws {
    let stack = FeedForwardNetwork(
      try FeedForwardSpecification(parsing: "tanh/batch-norm/residual"), inputs: 2, width: 4,
      depth: 3,
      outputs: 1)
    let double = stack.initialParameters(seed: 3)
    let single = Parameters<Float>(stack.layout)
    single.values.assign(rounding: double.values)
    let numbers = [0.5, -1, 0.25, 2, -0.75, 1.5, 1, 1]
    let (wide, narrow) = (Parameters<Double>(stack.layout), Parameters<Float>(stack.layout))
    let first = FeedForwardPass<Double>(stack, rows: 4)
    first.forward(double, Matrix(rows: 4, columns: 2, numbers))
    let loss = first.loss(.values(Matrix(rows: 4, columns: 1, [1, 0, -1, 2])))
    first.backward(double, into: wide)
    let second = FeedForwardPass<Float>(stack, rows: 4)
    second.forward(single, Matrix(rows: 4, columns: 2, numbers))
    let narrowLoss = second.loss(.values(Matrix(rows: 4, columns: 1, [1, 0, -1, 2])))
    second.backward(single, into: narrow)
    #expect(abs(loss - narrowLoss) < 1e-5 * loss)
    for (a, b) in zip(wide.values.values, narrow.values.values) {
      #expect(abs(a - b) < 1e-5 * wide.values.norm)
    }
  }
}

struct StackSpecificationTests {
  @Test(arguments: [
    "relu", "sigmoid/init=normal:1", "leaky-relu:0.1/init=he/batch-norm/residual",
    "tanh/init=uniform:0.5/residual",
  ])
  func readsWhatItWrites(_ text: String) throws {
    #expect(try FeedForwardSpecification(parsing: text).description == text)
  }

  @Test(arguments: ["", "swoosh", "relu/", "relu/init", "relu/residual/residual", "relu/dropout"])
  func rejects(_ text: String) {
    #expect(throws: InvalidSetting.self) { try FeedForwardSpecification(parsing: text) }
  }
}
