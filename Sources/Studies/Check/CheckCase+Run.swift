import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTraining

/// What the gradients of a case are compared with.
public enum CheckMethod: Sendable, Equatable {
  /// Those of backpropagation in Float64 with central differences.
  case differences
  /// Those of backpropagation in Float32 with those in Float64.
  case precisions

  /// The largest error that counts as agreement. Float32 has errors of up to 1e-5 in the cases of
  /// `unroll check`; a kernel that is wrong by 1% in one element makes more than 1e-4.
  public var tolerance: Double {
    switch self {
    case .differences: 1e-7
    case .precisions: 3e-5
    }
  }
}

/// The result of checking one case, over all of its windows.
public struct CheckResult: Sendable {
  /// What was compared.
  public let method: CheckMethod
  /// The case that was checked.
  public let name: String
  /// The largest of the whole gradient's error and each tensor's.
  public private(set) var error = 0.0
  /// The tensor with the largest error; nil where the whole gradient has it.
  public private(set) var worstTensor: String?
  /// The number of elements whose gradient was compared with a difference.
  public private(set) var compared = 0
  /// The number of elements left out, because a kink lies within the difference.
  public private(set) var leftOut = 0
  /// The error that rounding of the differences alone may cause.
  public private(set) var rounding = 0.0

  /// A result before anything is compared, which is not OK.
  public init(name: String, method: CheckMethod = .differences) {
    (self.name, self.method) = (name, method)
  }

  /// Whether anything was compared, and nothing differs by more than the method's tolerance.
  public var isOK: Bool { error <= method.tolerance && compared > 0 }

  /// A case's result at a random point, of up to 20 the first (else the best) at which rounding
  /// leaves the differences enough digits.
  ///
  /// Gradients that vanish in the backward pass cannot be told from zero by differences; this looks for
  /// weights and data under which they do not. The choice knows of sizes, not of errors.
  public static func best(_ run: (_ draw: UInt64) -> CheckResult) -> CheckResult {
    var best = run(0)
    for draw in 1..<UInt64(20) where best.rounding > 0.03 * best.method.tolerance {
      let result = run(draw)
      if result.rounding < best.rounding { best = result }
    }
    return best
  }

  /// Takes the worse of this result and `report`, and counts both.
  public mutating func add(_ report: GradientCheck.Report) {
    compared += report.compared
    leftOut += report.leftOut
    rounding = max(rounding, report.rounding)
    guard report.worst > error else { return }
    error = report.worst
    worstTensor = report.errors.first { $0.error == report.worst }?.name
  }
}

extension CheckCase {
  /// Checks the case at random weights and data drawn from `seed`.
  public func run(seed: UInt64, method: CheckMethod = .differences) -> CheckResult {
    CheckResult.best { run(seed: seed, method, draw: $0) }
  }

  /// Checks every window of one sequence as training would run them: the state carried into a window
  /// is held constant, and checked as an input of its own.
  private func run(seed: UInt64, _ method: CheckMethod, draw: UInt64) -> CheckResult {
    var random = RandomNumbers(seed: seed, 0xC4EC, draw)
    let model = RecurrentModel(
      specification,
      ModelConfiguration(
        input: input, target: target, hidden: sizes.hidden, layers: layers,
        learnsInitialState: initialState == .learned))
    let parameters = parameters(of: model, using: &random)
    let batch = batch(using: &random)
    let carrier = SequenceWorkspace<Double>(
      model: model, capacity: window.capacity(for: sizes.length), rows: CheckSizes.rows)
    let weights = PackedParameters(model, parameters)
    var result = CheckResult(name: name, method: method)
    carrier.resetState(weights)
    var index = 0
    while let pass = window.window(index, of: sizes.length) {
      if !batch.shape.supervised.clamped(to: pass.lossSteps).isEmpty {
        let state = pass.start == 0 ? nil : carrier.initialState.map { $0.copy() }
        let compare =
          method == .differences ? ModelCheck.run : ModelCheck.comparePrecisions
        result.add(
          compare(
            model, parameters, batch, pass.steps, pass.lossSteps, state, nil, penalty.penalty))
      }
      index += 1
      if let next = window.window(index, of: sizes.length), next.start > pass.start {
        carrier.forward(weights, batch, steps: pass.steps)
        carrier.carryState(after: next.start - pass.start)
      }
    }
    return result
  }

  private var input: InputKind {
    switch inputs {
    case .numbers: .values(CheckSizes.inputs)
    case .classes: .classes(CheckSizes.inputs)
    }
  }

  private var target: TargetKind {
    switch loss {
    case .squaredError: .values(CheckSizes.outputs)
    case .crossEntropy: .classes(CheckSizes.classes)
    }
  }

  /// Parameters as the specification says. Biases and initial states that start at exactly 0 are
  /// moved off it: L1 has its kink there.
  private func parameters(
    of model: RecurrentModel, using random: inout RandomNumbers
  ) -> Parameters<Double> {
    let parameters: Parameters<Double> = model.initialParameters(specification, seed: random.next())
    for entry in model.layout.entries where entry.shape.count == 1 {
      let vector = parameters[entry]
      for index in 0..<vector.count where vector[0, index] == 0 {
        vector[0, index] = random.uniform(-0.5, 0.5)
      }
    }
    return parameters
  }

  /// Rows of lengths T, T−1, T−2.
  private func batch(using random: inout RandomNumbers) -> Batch<Double> {
    let (length, rows) = (sizes.length, CheckSizes.rows)
    let batch = Batch<Double>(
      BatchShape(
        timeSteps: length, rows: rows, input: input, target: target,
        supervised: supervision == .last ? length - 1..<length : 0..<length))
    batch.inputs.assign((0..<batch.inputs.count).map { _ in random.normal() })
    batch.targets.assign((0..<batch.targets.count).map { _ in random.normal() })
    for index in batch.inputClasses.indices {
      batch.inputClasses[index] = Int32(random.integer(in: 0..<CheckSizes.inputs))
    }
    for index in batch.targetClasses.indices {
      batch.targetClasses[index] = Int32(random.integer(in: 0..<CheckSizes.classes))
    }
    if supervision == .every {
      for row in 0..<rows {
        for step in max(length - row, 1)..<length {
          batch.setHasTarget(false, step: step, row: row)
        }
      }
    }
    return batch
  }
}
