import Foundation
import UnrollDenseMath
import UnrollText

/// A batch for a stack.
public struct FeedForwardData: Sendable {
  /// [B, I].
  public let inputs: Matrix<Double>
  /// What the outputs are compared with.
  public let targets: FeedForwardTargets<Double>

  /// Inputs [B, I] and as many rows of targets.
  public init(inputs: Matrix<Double>, targets: FeedForwardTargets<Double>) {
    require(
      inputs.rows == targets.rows, "expected targets for \(inputs.rows) rows, got \(targets.rows)")
    self.inputs = inputs
    self.targets = targets
  }

  /// B.
  public var rows: Int { inputs.rows }

  /// The rows `range`.
  public func rows(_ range: Range<Int>) -> FeedForwardData {
    FeedForwardData(inputs: inputs.rows(range), targets: targets.rows(range))
  }
}

extension FeedForwardData {
  /// Two interleaved spirals of `rows`/2 points each, to be told apart (Lang & Witbrock 1988,
  /// *Learning to tell two spirals apart*): 1½ turns, the points drawn evenly along the angle, the
  /// coordinates in about ±2 with Gaussian noise of 0.05.
  public static func twoSpirals(rows: Int, seed: UInt64) -> FeedForwardData {
    var random = RandomNumbers(seed: seed, 0x5919)
    let inputs = Matrix<Double>(rows: rows, columns: 2)
    var classes: [Int32] = []
    for row in 0..<rows {
      let turn = random.uniform(0.1, 1)
      let side: Double = row % 2 == 0 ? 1 : -1
      let angle = 3 * Double.pi * turn
      inputs[row, 0] = side * 2 * turn * cos(angle) + 0.05 * random.normal()
      inputs[row, 1] = side * 2 * turn * sin(angle) + 0.05 * random.normal()
      classes.append(row % 2 == 0 ? 0 : 1)
    }
    return FeedForwardData(inputs: inputs, targets: .classes(classes))
  }

  /// Standard normal inputs [B, I] in two classes, labeled by a teacher: an untrained network of
  /// two tanh layers of 16, whose larger output names the class.
  public static func teacher(rows: Int, inputs: Int, seed: UInt64) -> FeedForwardData {
    var specification = FeedForwardSpecification(.tanh)
    specification.initializer = .lecun
    let teacher = FeedForwardNetwork(specification, inputs: inputs, width: 16, depth: 2, outputs: 2)
    let data = noise(rows: rows, inputs: inputs, outputs: 1, seed: seed)
    let pass = FeedForwardPass<Double>(teacher, rows: rows)
    pass.forward(teacher.initialParameters(seed: seed), data.inputs)
    return FeedForwardData(
      inputs: data.inputs,
      targets: .classes((0..<rows).map { pass.outputs[$0, 1] > pass.outputs[$0, 0] ? 1 : 0 }))
  }

  /// Standard normal inputs [B, I], and standard normal cotangents [B, O] at the outputs: a gradient
  /// sent back through a stack without a task.
  public static func noise(rows: Int, inputs: Int, outputs: Int, seed: UInt64) -> FeedForwardData {
    var random = RandomNumbers(seed: seed, 0x4015)
    func normals(_ columns: Int) -> Matrix<Double> {
      Matrix(rows: rows, columns: columns, (0..<rows * columns).map { _ in random.normal() })
    }
    return FeedForwardData(inputs: normals(inputs), targets: .cotangents(normals(outputs)))
  }
}
