import Foundation
import Testing
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollRecurrentCells

@testable import UnrollGradientFlow

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
        timeSteps: steps, rows: 1, input: .values(1), target: .values(1),
        supervised: steps - 1..<steps))
    batch.targets.fill(1)
    return (model, parameters, batch)
  }

  /// A^k of A = [[0.9, 10], [0, 0.5]] is known: its Frobenius norm and determinant give both
  /// singular values, down to e^−9000.
  @Test func singularValuesOfANonNormalPowerAreRight() throws {
    let (model, parameters, batch) = try linear([0.9, 10, 0, 0.5], steps: 10_000)
    let found = JacobianSpectrum.measure(
      model, parameters, batch: batch, lags: [1, 5, 40, 1_000, 10_000, 10_001])
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

  private func exponents(
    _ case: (model: RecurrentModel, parameters: Parameters<Double>, batch: Batch<Double>),
    steps: Int, warmUp: Int, count: Int? = nil
  ) throws -> LyapunovSpectrum {
    try #require(
      LyapunovSpectrum.measure(
        `case`.model, `case`.parameters, batch: `case`.batch, steps: steps, warmUp: warmUp,
        count: count))
  }

  /// The exponents are ln |eigenvalues|, whatever the singular values say.
  @Test func exponentsOfANonNormalMatrixAreItsEigenvalues() throws {
    let matrix = try linear([0.9, 10, 0, 0.5], steps: 10)
    let found = try exponents(matrix, steps: 3_000, warmUp: 100)
    for (got, wanted) in zip(found.exponents, [log(0.9), log(0.5)]) {
      #expect(abs(got.mean - wanted) < 1e-12)
      #expect(got.deviation == nil)
    }
    #expect(found.steps == 2_800)
    #expect(found.running.count == 200 && found.running.last?.step == 2_800)
    // Without a warm-up they come near like 1/k.
    let cold = try exponents(matrix, steps: 3_000, warmUp: 0)
    let errors = cold.running.map { ($0.step, abs($0.exponents[0].mean - log(0.9))) }
    #expect(errors.allSatisfy { Double($0.0) * $0.1 < 6 })
    let (first, last) = (errors[9], errors[199])
    #expect(abs(first.1 / last.1 / (Double(last.0) / Double(first.0)) - 1) < 0.01)
    // The first covector alone finds the largest.
    let leading = try exponents(matrix, steps: 3_000, warmUp: 100, count: 1)
    #expect(leading.exponents.count == 1 && abs(leading.exponents[0].mean - log(0.9)) < 1e-12)
  }

  /// For a random W the spectrum approaches ln |eigenvalues|, pairs of complex ones together.
  @Test func exponentsOfARandomMatrixAreItsEigenvalues() throws {
    var random = RandomNumbers(seed: 7)
    let weights = (0..<64).map { _ in random.normal() }
    let matrix = try linear(weights, steps: 10)
    let wanted = try #require(matrix.parameters["weight_hh_l0"].eigenvalueMagnitudes).map {
      log($0)
    }
    let found = try exponents(matrix, steps: 20_000, warmUp: 2_000)
    #expect(found.exponents.count == 8)
    // Complex pairs turn for ever, so that 1/k remains: a few hundredths over 16,000 steps.
    for (got, wanted) in zip(found.exponents, wanted) { #expect(abs(got.mean - wanted) < 2e-4) }
  }

  /// s·I and an orthogonal matrix are exact at every lag.
  @Test func scaledOrthogonalMatricesAreExact() throws {
    let scaled = try linear([0.5, 0, 0, 0.5], steps: 500)
    let turning = try linear([0.6, -0.8, 0.8, 0.6], steps: 500)
    for (matrix, wanted) in [(scaled, log(0.5)), (turning, 0)] {
      let found = try exponents(matrix, steps: 500, warmUp: 10)
      #expect(found.exponents.allSatisfy { abs($0.mean - wanted) < 1e-14 })
      #expect(
        found.running.allSatisfy { $0.exponents.allSatisfy { abs($0.mean - wanted) < 1e-14 } })
      let logs = JacobianSpectrum.measure(
        matrix.model, matrix.parameters, batch: matrix.batch, lags: [400]
      )
      .logSingularValues[0]
      #expect(logs.allSatisfy { abs($0 - 400 * wanted) < 1e-11 })
    }
  }

  /// A singular W_hh loses a direction although rounding leaves something of it; a nilpotent one
  /// loses all, also where a rotation hides it.
  @Test func lostDirectionsAreMinusInfinity() throws {
    let third = 1.0 / 3
    let flat = try linear([third, third, 1, 1], steps: 20)
    let found = try exponents(flat, steps: 20, warmUp: 2)
    #expect(abs(found.exponents[0].mean - log(4 * third)) < 1e-14)
    #expect(found.exponents[1].mean == -.infinity && found.exponents[1].deviation == nil)
    let lost = JacobianSpectrum.measure(flat.model, flat.parameters, batch: flat.batch, lags: [20])
    // W = u vᵀ with u = (⅓, 1), v = (1, 1): σ = ‖u‖ ‖v‖ (v·u)¹⁹.
    let wanted = 0.5 * log(2 * (1 + third * third)) + 19 * log(4 * third)
    #expect(abs(lost.logSingularValues[0][0] - wanted) < 1e-12)
    #expect(lost.logSingularValues[0][1] == -.infinity)

    // [[0, 1], [0, 0]] turned by an angle: c and s of 0.3 rad.
    let (c, s) = (cos(0.3), sin(0.3))
    let nilpotent = try linear([-s * c, c * c, -s * s, s * c], steps: 20)
    #expect(
      try exponents(nilpotent, steps: 20, warmUp: 2).exponents.allSatisfy { $0.mean == -.infinity })
    let logs = JacobianSpectrum.measure(
      nilpotent.model, nilpotent.parameters, batch: nilpotent.batch, lags: [1, 2]
    ).logSingularValues
    #expect(abs(logs[0][0]) < 1e-14 && logs[0][1] == -.infinity)
    #expect(logs[1] == [-.infinity, -.infinity])
  }

  /// A factor far below rounding's reach over many steps is not lost: only a single step's counts.
  @Test func smallFactorsAreKept() throws {
    let (model, parameters, batch) = try linear([1, 0.5, 0, 1e-12], steps: 200)
    let logs = JacobianSpectrum.measure(model, parameters, batch: batch, lags: [200])
      .logSingularValues[0]
    // det = 1e-12^200; a step knows 1e-12 to some ε/1e-12 = 2e-4, with either sign.
    #expect(abs(logs[0] + logs[1] + 200 * 12 * log(10)) < 2e-2)
  }

  /// A state that is not finite has no exponents, and no singular values from there on.
  @Test func statesThatAreNotFiniteHaveNoExponents() throws {
    let golden = try JacobianGolden("rnn", cell: .rnn, inputs: "x")
    let (model, parameters, batch) = (golden.model, golden.parameters, golden.batch)
    func lags() -> [Int] {
      JacobianSpectrum.measure(model, parameters, batch: batch, lags: [1, 3, 6]).lags
    }
    #expect(lags() == [1, 3, 6])
    #expect(LyapunovSpectrum.measure(model, parameters, batch: batch, steps: 6, warmUp: 1) != nil)
    batch.inputs[5, 0] = .nan
    #expect(lags().isEmpty)
    #expect(LyapunovSpectrum.measure(model, parameters, batch: batch, steps: 6, warmUp: 1) == nil)
  }

  /// Autograd's Jacobians, element by element, of every cell that PyTorch has.
  @Test(arguments: FlowGolden.cells) func jacobiansAreAutograds(_ kind: CellKind) throws {
    let golden = try JacobianGolden(kind.name, cell: kind, inputs: "x")
    let (model, size) = (golden.model, golden.model.stateSize)
    let wanted = try golden.doubles("jacobians")
    let stream = InputStream(model, golden.parameters, batch: golden.batch, row: 0)
    let pullback = StateVJP(
      PackedParameters(model, golden.parameters), layer: 0, covectors: size)
    for step in 0..<stream.steps {
      let identity = Matrix<Double>(rows: size, columns: size)
      for index in 0..<size { identity[index, index] = 1 }
      pullback.pullBack(
        identity, through: stream.transition(layer: 0, lag: stream.steps - 1 - step))
      let block = wanted[step * size * size..<(step + 1) * size * size]
      for (got, wanted) in zip(identity.values, block) {
        // Elements are of size 1 and below.
        #expect(abs(got - wanted) < 1e-15, "step \(step)")
      }
    }
  }

  /// A random tanh RNN against products in 200 digits, and against NumPy's QR.
  @Test func aRandomNetworkAgreesWithMpmathAndNumPy() throws {
    let golden = try JacobianGolden("random", cell: .rnn, inputs: "random/x")
    let lags = try golden.doubles("lags").map { Int($0) }
    let wanted = try golden.doubles("logs")
    let found = JacobianSpectrum.measure(
      golden.model, golden.parameters, batch: golden.batch, lags: lags)
    #expect(found.lags == lags)
    let logs = found.logSingularValues.flatMap { $0 }
    #expect(logs.count == wanted.count)
    // Where a unit saturates, tanh′ = 1 − h² is right to ε/(1 − h²) alone, some 1e-11 a step here,
    // and the smallest singular values are made of those.
    for (got, wanted) in zip(logs, wanted) { #expect(abs(got - wanted) < 1e-8) }

    let exponents = try golden.doubles("exponents")
    let spectrum = try #require(
      LyapunovSpectrum.measure(
        golden.model, golden.parameters, batch: golden.batch, steps: 400, warmUp: 100, threads: 2))
    #expect(spectrum.steps == 200 && spectrum.rows == 3 && spectrum.exponents.count == 16)
    for (index, exponent) in spectrum.exponents.enumerated() {
      let rows = (0..<3).map { exponents[$0 * 16 + index] }
      let mean = (rows[0] + rows[1] + rows[2]) / 3
      let squares = rows.map { ($0 - mean) * ($0 - mean) }
      // NumPy starts from another basis: what 100 steps of warm-up and 200 counted leave of it.
      #expect(abs(exponent.mean - mean) < 2e-3, "exponent \(index)")
      let deviation = ((squares[0] + squares[1] + squares[2]) / 2).squareRoot()
      #expect(abs(try #require(exponent.deviation) - deviation) < 5e-3)
    }
    // The same numbers whatever the threads.
    let alone = LyapunovSpectrum.measure(
      golden.model, golden.parameters, batch: golden.batch, steps: 400, warmUp: 100)
    #expect(alone?.exponents == spectrum.exponents)
  }

  /// ∂ℓ/∂s_{T−k} = (∂s_T/∂s_{T−k})ᵀ ∂ℓ/∂s_T for every such cell and kind of input: the chain of
  /// pullbacks gives the norms that autograd gives.
  @Test(arguments: FlowGolden.cases)
  func pullbacksCarryTheGradient(_ kind: CellKind, inputs: String) throws {
    let golden = try FlowGolden(kind, inputs: inputs)
    let (model, batch) = (golden.model, golden.batch)
    let wanted = try golden.doubles("state_l1")
    let pullback = StateVJP(
      PackedParameters(model, golden.parameters), layer: 1, covectors: 1)
    for row in 0..<3 {
      let stream = InputStream(model, golden.parameters, batch: batch, row: row)
      let covector = Matrix<Double>(rows: 1, columns: model.stateSize)
      covector.columns(0..<5).assign(golden.parameters["head.weight"])
      let start = covector.norm
      for lag in 0..<11 {
        pullback.pullBack(covector, through: stream.transition(layer: 1, lag: lag))
        let ratio = wanted[(lag + 1) * 3 + row] / wanted[row]
        #expect(abs(covector.norm / start / ratio - 1) < 1e-12)
      }
    }
  }

  /// With every step counted, the exponents' sum is ln |det| a step, and so the sum of ln σ.
  @Test(arguments: FlowGolden.cells, [0, 1])
  func exponentsAndSingularValuesHaveOneDeterminant(_ kind: CellKind, layer: Int) throws {
    let golden = try FlowGolden(kind, inputs: "values")
    let (model, parameters, batch) = (golden.model, golden.parameters, golden.batch)
    let spectrum = try #require(
      LyapunovSpectrum.measure(model, parameters, batch: batch, layer: layer, steps: 12, warmUp: 0))
    let sums = (0..<3).map { row in
      JacobianSpectrum.measure(model, parameters, batch: batch, layer: layer, row: row, lags: [12])
        .logSingularValues[0].reduce(0, +)
    }
    let wanted = (sums[0] + sums[1] + sums[2]) / 36
    #expect(abs(spectrum.exponents.reduce(0) { $0 + $1.mean } - wanted) < 1e-10)
  }

  /// A longer stream repeats the inputs and carries the state on.
  @Test func aStreamRepeatsItsInputs() throws {
    let golden = try FlowGolden(.lstm, inputs: "values")
    let twice = InputStream(golden.model, golden.parameters, batch: golden.batch, row: 1, steps: 24)
    let once = InputStream(golden.model, golden.parameters, batch: golden.batch, row: 1)
    #expect(once.steps == 12)
    for step in 0..<12 {
      let (got, wanted) = (
        twice.transition(layer: 0, lag: 23 - step), once.transition(layer: 0, lag: 11 - step)
      )
      #expect(got.cell.after.values == wanted.cell.after.values)
    }
    #expect(
      twice.transition(layer: 0, lag: 11).hidden.before.values
        == once.transition(layer: 0, lag: 0).hidden.after.values)
  }

  @Test func lagsGrowBy1And2And5() {
    #expect(JacobianSpectrum.lags(upTo: 99) == [1, 2, 5, 10, 20, 50, 99])
    #expect(JacobianSpectrum.lags(upTo: 100) == [1, 2, 5, 10, 20, 50, 100])
    #expect(JacobianSpectrum.lags(upTo: 1) == [1] && JacobianSpectrum.lags(upTo: 0) == [])
    #expect(JacobianSpectrum.lags(upTo: .max).last == .max)
  }

  /// [[3, 4], [0, 5]]: eigenvalues 3 and 5, singular values √5 and √45.
  @Test(arguments: [
    ("identity", 1), ("tanh", 1), ("relu", 1), ("sigmoid", 0.25), ("leaky-relu:0.1", 1),
    ("leaky-relu:1.5", 1.5), ("elu:2", 2), ("prelu", 1), ("softsign", 1),
    ("silu", 1.099_839_320_128_866_9), ("selu", 1.758_099_340_847_376_9),
  ])
  func boundsComeFromTheRecurrentWeights(activation: String, slope: Double) throws {
    let specification = try CellSpecification(parsing: "rnn/activation=\(activation)")
    for layers in [1, 2] {
      let model = RecurrentModel(
        specification,
        ModelConfiguration(input: .values(1), target: .values(1), hidden: 2, layers: layers))
      let parameters = Parameters<Double>(model.layout)
      parameters["weight_hh_l0"].assign([3, 4, 0, 5])
      let bound = RecurrentWeightBound(model, parameters, layer: 0)
      #expect(abs(try #require(bound.spectralRadius) - 5) < 1e-14)
      #expect(abs(try #require(bound.largestSingularValue) - 45.0.squareRoot()) < 1e-14)
      guard layers == 1 else {
        #expect(bound.bound == nil)
        continue
      }
      #expect(abs(try #require(bound.bound) - 45.0.squareRoot() * slope) < 1e-13)
    }
    let lstm = RecurrentModel(
      CellSpecification(.lstm),
      ModelConfiguration(input: .values(1), target: .values(1), hidden: 2))
    let bound = RecurrentWeightBound(lstm, Parameters(lstm.layout), layer: 0)
    #expect(bound.spectralRadius == nil && bound.bound == nil && bound.largestSingularValue == 0)
  }
}
