import DenseMath
import FileFormats
import Foundation
import Optimisation
import RecurrentCells
import Testing

@testable import GradientFlow

@Suite struct JacobianTests {
  /// A linear RNN with the given W_hh, on inputs of 0.
  private func linear(
    _ weights: [Double], steps: Int
  ) throws -> (model: RecurrentModel, parameters: Parameters<Double>, batch: Batch<Double>) {
    let size = Int(Double(weights.count).squareRoot())
    let specification = try CellSpecification(parsing: "rnn/activation=identity")
    let model = RecurrentModel(
      specification, ModelConfiguration(input: .values(1), target: .values(1), hidden: size))
    let parameters = Parameters<Double>(model.layout)
    parameters["weight_hh_l0"].assign(weights)
    parameters["head.weight"].fill(1)
    let batch = Batch<Double>(
      BatchShape(
        steps: steps, rows: 1, input: .values(1), target: .values(1),
        supervised: steps - 1..<steps))
    batch.targets.fill(1)
    return (model, parameters, batch)
  }

  /// A^k of A = [[0.9, 10], [0, 0.5]] is known: its Frobenius norm and determinant give both
  /// singular values, down to e^−9000.
  @Test func singularValuesOfANonNormalPowerAreRight() throws {
    let (model, parameters, batch) = try linear([0.9, 10, 0, 0.5], steps: 10_000)
    let found = JacobianSpectrum.measure(
      model, parameters, batch: batch, lags: [1, 5, 40, 1_000, 10_000])
    #expect(found.lags == [1, 5, 40, 1_000, 10_000])
    for (lag, logs) in zip(found.lags, found.logSingularValues) {
      let (k, shrink) = (Double(lag), pow(0.5 / 0.9, Double(lag)))
      // Over 0.9^k: entries 1, 25 (1 − shrink), shrink.
      let corner = 25 * (1 - shrink)
      let square = 1 + corner * corner + shrink * shrink
      let largest = 0.5 * log((square + (square * square - 4 * shrink * shrink).squareRoot()) / 2)
      // Rounding of each factor, and of k additions to logarithms of size up to k.
      let tolerance = 1e-14 * (1 + k) + 2.2e-16 * k * k
      #expect(abs(logs[0] - (largest + k * log(0.9))) < tolerance, "lag \(lag)")
      #expect(abs(logs[1] - (k * log(0.5) - largest)) < tolerance, "lag \(lag)")
    }
  }

  /// The exponents are ln |eigenvalues|, whatever the singular values say.
  @Test func exponentsOfANonNormalMatrixAreItsEigenvalues() throws {
    let (model, parameters, batch) = try linear([0.9, 10, 0, 0.5], steps: 3_000)
    let found = LyapunovSpectrum.measure(model, parameters, batch: batch, warmUp: 100)
    for (got, wanted) in zip(found.exponents, [log(0.9), log(0.5)]) {
      #expect(abs(got - wanted) < 1e-12)
    }
    #expect(found.convergence.count == 2_800)
    // Without a warm-up they come near like 1/k.
    let cold = LyapunovSpectrum.measure(model, parameters, batch: batch, warmUp: 0)
    #expect(abs(cold.exponents[0] - log(0.9)) < 4.0 / 3_000)
    #expect(abs(cold.convergence[9] - log(0.9)) > abs(cold.convergence[999] - log(0.9)))
  }

  /// s·I and an orthogonal matrix are exact at every lag; a singular matrix loses a direction.
  @Test func scaledOrthogonalMatricesAreExact() throws {
    let scaled = try linear([0.5, 0, 0, 0.5], steps: 500)
    let turning = try linear([0.6, -0.8, 0.8, 0.6], steps: 500)
    let flat = try linear([1, 1, 1, 1], steps: 20)
    for (matrix, wanted) in [(scaled, log(0.5)), (turning, 0)] {
      let (model, parameters, batch) = matrix
      let exponents = LyapunovSpectrum.measure(model, parameters, batch: batch, warmUp: 10)
        .exponents
      #expect(exponents.allSatisfy { abs($0 - wanted) < 1e-14 })
      let logs = JacobianSpectrum.measure(model, parameters, batch: batch, lags: [400])
        .logSingularValues[0]
      #expect(logs.allSatisfy { abs($0 - 400 * wanted) < 1e-11 })
    }
    let lost = JacobianSpectrum.measure(flat.model, flat.parameters, batch: flat.batch, lags: [20])
    #expect(abs(lost.logSingularValues[0][0] - 20 * log(2)) < 1e-12)
    #expect(lost.logSingularValues[0][1] < -30)
  }

  /// ∂ℓ/∂s_{T−k} = (∂s_T/∂s_{T−k})ᵀ ∂ℓ/∂s_T for every cell: the chain of Jacobians gives the norms
  /// that autograd gives.
  @Test(arguments: CellKind.allCases) func jacobiansCarryTheGradient(_ kind: CellKind) throws {
    let golden = try FlowGolden(kind, inputs: "values")
    let (model, batch) = (golden.model, golden.batch)
    let size = model.stateSize
    let wanted = try golden.doubles("state_l1")
    let head = golden.parameters["head.weight"]
    var covectors = (0..<3).map { _ in Matrix<Double>(rows: 1, columns: size) }
    for covector in covectors { covector.columns(0..<5).assign(head) }
    var largest = 0.0
    StateJacobians.forEach(
      model, golden.parameters, batch: batch, layer: 1, rows: 0..<3
    ) { row, lag, jacobian in
      let before = covectors[row].norm
      let next = Matrix<Double>(rows: 1, columns: size)
      next.formProduct(covectors[row], jacobian)
      covectors[row] = next
      guard lag < 12 else { return }
      let ratio = wanted[lag * 3 + row] / wanted[(lag - 1) * 3 + row]
      largest = max(largest, abs(next.norm / before / ratio - 1))
    }
    #expect(largest < 1e-12)
  }

  /// [[3, 4], [0, 5]]: eigenvalues 3 and 5, singular values √5 and √45.
  @Test func boundsComeFromTheRecurrentWeights() throws {
    let (model, parameters, _) = try linear([3, 4, 0, 5], steps: 2)
    let bound = RecurrentWeightBound(model, parameters, layer: 0, slope: 0.25)
    #expect(abs(try #require(bound.spectralRadius) - 5) < 1e-14)
    #expect(abs(try #require(bound.largestSingularValue) - 45.0.squareRoot()) < 1e-14)
    #expect(abs(try #require(bound.bound) - 45.0.squareRoot() / 4) < 1e-14)
  }
}
