import Foundation
import Testing
import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells

@testable import UnrollGradientFlow

/// Decay curves whose values are known exactly.
@Suite struct DecayAnchorTests {
  /// A linear RNN with W_hh = s·I multiplies the gradient by s each step: to 1e-12 at every lag.
  @Test(arguments: [0.5, 1.5]) func scaledIdentityDecaysByItsScale(_ scale: Double) throws {
    let curve = try linearCurve(scale, steps: 101, inputs: 1)
    let means = curve.means
    for lag in 1...100 {
      #expect(abs(means[lag] / means[lag - 1] / scale - 1) < 1e-12, "lag \(lag)")
    }
    let fit = DecayFit(curve)
    #expect(abs(try #require(fit.rate) - scale) < 1e-12)
    #expect(try #require(fit.r2) > 1 - 1e-12)
    #expect(fit.verdict == (scale < 1 ? .exponential : .growing))
    #expect(abs((fit.halfLife ?? fit.doublingTime ?? 0) - log(2) / abs(log(scale))) < 1e-9)
    #expect((fit.halfLife == nil) == (scale > 1))
    #expect(fit.horizon == (scale < 1 ? 6 : 100))
    #expect(fit.horizonCensored == (scale > 1))
  }

  /// At lag 2,000 the norms have left Float64; those it can hold are right to 1e-9. Inputs are 0,
  /// so that the growing state itself does not overflow.
  @Test(arguments: [0.5, 1.5]) func normsHoldToTheEndsOfFloat64(_ scale: Double) throws {
    let curve = try linearCurve(scale, steps: 2001, inputs: 0)
    let means = curve.means
    var held = 0
    for lag in 0...2000 {
      let exact = exp(log(means[0]) + Double(lag) * log(scale))
      guard exact.isNormal, exact < 1e308 else { continue }
      held += 1
      #expect(abs(means[lag] / exact - 1) < 1e-9, "lag \(lag): \(means[lag]), exactly \(exact)")
    }
    #expect(held > 1000)
    let fit = DecayFit(curve)
    #expect(abs(try #require(fit.rate) / scale - 1) < 1e-9)
  }

  /// One sigmoid unit: the factor of a step is w·σ′(z) ≤ |w|/4.
  @Test func sigmoidUnitIsBoundByAQuarter() throws {
    let weight = 1.7
    let model = RecurrentModel(
      cell: RNNCell(activation: .sigmoid),
      ModelConfiguration(input: .values(1), target: .values(1), hidden: 1))
    let parameters = Parameters<Double>(model.layout)
    parameters["weight_hh_l0"].fill(weight)
    parameters["weight_ih_l0"].fill(0.8)
    parameters["head.weight"].fill(1)
    let inputs = (0..<20).map { sin(Double($0)) }
    let batch = self.batch(model, steps: 20, inputs: inputs)
    let curve = try #require(DecayCurve.measure(model, parameters, batch: batch).first)
    var (state, slopes) = (0.0, [Double]())
    for input in inputs {
      state = 1 / (1 + exp(-(weight * state + 0.8 * input)))
      slopes.append(state * (1 - state))
    }
    for lag in 1..<20 {
      let factor = curve.means[lag] / curve.means[lag - 1]
      #expect(abs(factor - weight * slopes[20 - lag]) < 1e-14)
      #expect(factor <= weight / 4)
    }
  }

  private func linearCurve(_ scale: Double, steps: Int, inputs: Double) throws -> DecayCurve {
    let specification = try CellSpecification(
      parsing: "rnn/activation=identity/init=identity:\(scale)")
    let model = RecurrentModel(
      specification, ModelConfiguration(input: .values(1), target: .values(1), hidden: 9))
    let batch = batch(model, steps: steps, inputs: Array(repeating: inputs, count: steps))
    return try #require(
      DecayCurve.measure(
        model, model.initialParameters(specification, seed: 3), batch: batch
      ).first)
  }

  private func batch(_ model: RecurrentModel, steps: Int, inputs: [Double]) -> Batch<Double> {
    let batch = Batch<Double>(
      BatchShape(
        timeSteps: steps, rows: 1, input: .values(1), target: .values(1),
        supervised: steps - 1..<steps))
    batch.inputs.assign(inputs)
    batch.targets.fill(1)
    return batch
  }
}
