import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollText
import UnrollTraining

/// The regularizer Ω on one cell, whose immediate derivative is checked against central differences.
public struct RegularizerCheckCase: Sendable {
  /// The cell's name in reports.
  public let label: String
  /// The cell, and how its weights are initialized.
  public let specification: CellSpecification
  /// The sizes of the model and its sequences.
  public let sizes: CheckSizes

  /// The case in words, as JSON names it.
  public var name: String {
    "\(label), \(NumberText.count(sizes.layers, "layer")), regularizer omega"
  }

  /// For each of `cells` that has the regularizer.
  public static func all(
    of cells: [(label: String, specification: CellSpecification)], sizes: CheckSizes
  ) -> [RegularizerCheckCase] {
    cells.filter { $0.specification.kind == .rnn }.map {
      RegularizerCheckCase(label: $0.label, specification: $0.specification, sizes: sizes)
    }
  }

  /// Checks the case at random weights and data drawn from `seed`.
  public func run(seed: UInt64, method: CheckMethod = .differences) -> CheckResult {
    CheckResult.best { run(seed: seed, method, draw: $0) }
  }

  private func run(seed: UInt64, _ method: CheckMethod, draw: UInt64) -> CheckResult {
    var random = RandomNumbers(seed: seed, 0x0E6A, draw)
    let model = RecurrentModel(
      specification,
      ModelConfiguration(
        input: .values(CheckSizes.inputs), target: .values(CheckSizes.outputs),
        hidden: sizes.hidden, layers: sizes.layers))
    let batch = Batch<Double>(
      BatchShape(
        timeSteps: sizes.length, rows: CheckSizes.rows, input: model.configuration.input,
        target: model.configuration.target, supervised: 0..<sizes.length))
    batch.inputs.assign((0..<batch.inputs.count).map { _ in random.normal() })
    batch.targets.assign((0..<batch.targets.count).map { _ in random.normal() })
    let parameters: Parameters<Double> = model.initialParameters(
      specification, seed: random.next())
    // Off the least Ω, where an orthogonal W_hh may stand: a gradient of 0 drowns in the rounding of
    // a difference.
    for index in 0..<parameters.values.count {
      parameters.values[0, index] += random.uniform(-0.2, 0.2)
    }
    var result = CheckResult(name: name, method: method)
    result.add(
      method == .differences
        ? VanishingGradientCheck.run(model, parameters, batch: batch)
        : VanishingGradientCheck.comparePrecisions(model, parameters, batch: batch))
    return result
  }
}
