import Foundation
import Testing
import UnrollDenseMath
import UnrollFeedForward
import UnrollOptimization

struct FeedForwardTrainerTests {
  /// One update of gradient descent by hand: y = w x + b from w = 2, b = 0 on x = 3, target 0,
  /// ½(y − t)²: y = 6, ∂L/∂w = 18, ∂L/∂b = 6.
  @Test func oneUpdateIsThatOfThePencil() {
    let stack = FeedForwardNetwork(.init(.identity), inputs: 1, width: 1, depth: 1)
    let parameters = Parameters<Double>(stack.layout)
    parameters["layers.0.weight"].fill(2)
    var settings = FeedForwardTrainingSettings()
    settings.learningRate = 0.01
    let data = FeedForwardData(
      inputs: Matrix(rows: 1, columns: 1, [3]),
      targets: .values(Matrix(rows: 1, columns: 1, [0]), scale: 0.5))
    let trainer = FeedForwardTrainer(stack, parameters, on: data, settings: settings)
    let update = trainer.step()
    #expect(update.loss == 18)
    #expect(abs(update.norm - hypot(18, 6)) < 1e-12)
    #expect(abs(parameters["layers.0.weight"][0, 0] - 1.82) < 1e-12)
    #expect(abs(parameters["layers.0.bias"][0, 0] + 0.06) < 1e-12)
    #expect(abs(update.relativeUpdates[0] - 0.09) < 1e-12)
  }

  /// Three rows in batches of one: the fourth update is on the first row again.
  @Test func batchesFollowEachOther() {
    let stack = FeedForwardNetwork(.init(.identity), inputs: 1, width: 1, depth: 1)
    let data = FeedForwardData(
      inputs: Matrix(rows: 3, columns: 1, [1, 2, 3]),
      targets: .cotangents(Matrix(rows: 3, columns: 1, [1, 10, 100])))
    var settings = FeedForwardTrainingSettings()
    settings.batch = 1
    settings.learningRate = 0
    let parameters = Parameters<Double>(stack.layout)
    parameters["layers.0.weight"].fill(1)
    let trainer = FeedForwardTrainer(stack, parameters, on: data, settings: settings)
    #expect(trainer.run(4).map(\.loss) == [1, 20, 300, 1])
  }

  @Test func anUpdateThatIsNotFiniteChangesNothing() {
    let stack = FeedForwardNetwork(.init(.identity), inputs: 1, width: 1, depth: 1)
    let parameters = Parameters<Double>(stack.layout)
    parameters["layers.0.weight"].fill(1e200)
    let data = FeedForwardData(
      inputs: Matrix(rows: 1, columns: 1, [1]), targets: .values(Matrix(rows: 1, columns: 1, [0])))
    let trainer = FeedForwardTrainer(stack, parameters, on: data, settings: .init())
    #expect(trainer.run(5).count == 1)
    #expect(trainer.steps == 0 && parameters["layers.0.weight"][0, 0] == 1e200)
  }

  /// Rows, units: relu of (1, −1), (2, −3), … is alive in unit 1 and dead in unit 2.
  @Test func deadUnitsAndSpreadAreCounted() throws {
    let stack = FeedForwardNetwork(.init(.relu), inputs: 1, width: 2, depth: 1)
    let parameters = Parameters<Double>(stack.layout)
    parameters["layers.0.weight"].assign([1, -1])
    let data = FeedForwardData(
      inputs: Matrix(rows: 2, columns: 1, [1, 3]),
      targets: .cotangents(Matrix(rows: 2, columns: 2, [3, 4, 5, 12])))
    let layer = try #require(stack.measure(parameters, on: data).layers.first)
    #expect(layer.deadShare == 0.5 && layer.saturatedShare == 0.5)
    #expect(layer.hiddenNorms == [5, 13] && layer.hiddenMean == 9)
    #expect(abs(layer.hiddenGeometricMean - 65.0.squareRoot()) < 1e-13)
    #expect(layer.activationMean == 1 && abs(layer.activationSpread - 1.5.squareRoot()) < 1e-15)
  }

  /// Running statistics give in evaluation what the batch gave, once they have settled on it: after
  /// 400 batches they are within 0.9⁴⁰⁰ of it, but for the variance's n/(n − 1).
  @Test func runningStatisticsServeEvaluation() throws {
    let stack = FeedForwardNetwork(
      try FeedForwardSpecification(parsing: "tanh/batch-norm"), inputs: 2, width: 3, depth: 1)
    let data = FeedForwardData.twoSpirals(rows: 500, seed: 2)
    let parameters = stack.initialParameters(seed: 2)
    let statistics: Parameters<Double> = stack.initialStatistics()
    let pass = FeedForwardPass<Double>(stack, rows: 500)
    for _ in 0..<400 {
      pass.forward(parameters, data.inputs, normalizingBy: .batch(following: statistics))
    }
    let batch = pass.outputs.values
    pass.forward(parameters, data.inputs, normalizingBy: .running(statistics))
    for (x, y) in zip(batch, pass.outputs.values) { #expect(abs(x - y) < 2e-3) }
  }

  /// A layer of rrelu with the weight 1 on the input −1: the outputs are the drawn slopes, in training
  /// alone.
  @Test func slopesAreDrawnAnewForEachUpdateAndNeverMeasured() throws {
    let stack = FeedForwardNetwork(.init(.rrelu), inputs: 1, width: 1, depth: 1)
    let parameters = Parameters<Double>(stack.layout)
    parameters["layers.0.weight"].fill(1)
    let data = FeedForwardData(
      inputs: Matrix(rows: 1, columns: 1, [-1]),
      targets: .cotangents(Matrix(rows: 1, columns: 1, [-1])))
    func losses(seed: UInt64) -> [Double] {
      var settings = FeedForwardTrainingSettings()
      settings.learningRate = 0
      settings.seed = seed
      let trainer = FeedForwardTrainer(stack, parameters, on: data, settings: settings)
      let losses = trainer.run(20).map(\.loss)
      #expect(abs(trainer.measure(after: []).loss - 11.0 / 48) < 1e-15)
      return losses
    }
    let slopes = losses(seed: 1)
    #expect(slopes.allSatisfy { $0 >= 0.125 && $0 <= 1.0 / 3 } && Set(slopes).count == 20)
    #expect(losses(seed: 1) == slopes)
    #expect(Set(losses(seed: 2)).isDisjoint(with: slopes))
  }

  /// Backward takes each slope from what forward made of it: central differences under fixed draws.
  @Test func drawnSlopesHaveTheirGradient() throws {
    var specification = FeedForwardSpecification(.rrelu)
    specification.initializer = .he
    let stack = FeedForwardNetwork(specification, inputs: 2, width: 4, depth: 3, outputs: 1)
    let parameters = stack.initialParameters(seed: 5)
    let data = FeedForwardData.twoSpirals(rows: 6, seed: 5)
    let pass = FeedForwardPass<Double>(stack, rows: 6)
    let gradient = Parameters<Double>(stack.layout)
    let targets = FeedForwardTargets<Double>.values(
      Matrix(rows: 6, columns: 1, [1, -1, 2, 0, 1, 3]))
    func loss(drawing: Bool = true) -> Double {
      pass.forward(
        parameters, data.inputs, drawingSlopesFrom: drawing ? RandomNumbers(seed: 8) : nil)
      return pass.loss(targets)
    }
    #expect(loss() != loss(drawing: false))
    _ = loss()
    pass.backward(parameters, into: gradient)
    let variables = stack.layout.entries.map {
      GradientCheck.Variable(name: $0.name, values: parameters[$0], gradient: gradient[$0])
    }
    // Without a pattern, so a unit at its kink would show; with this seed there is none.
    #expect(GradientCheck.run(variables) { .init(loss: loss()) }.worst < 1e-7)
  }

  /// Autoencoders of three layers give back more of the spirals than an untrained one does.
  @Test func pretrainingLearnsItsInputs() {
    let data = FeedForwardData.twoSpirals(rows: 100, seed: 1)
    let stack = FeedForwardNetwork(.init(.tanh), inputs: 2, width: 8, depth: 3, outputs: 2)
    var settings = FeedForwardTrainingSettings()
    settings.optimizer = .adam
    settings.learningRate = 0.01
    func errors(_ steps: Int) -> [Double] {
      stack.pretrain(
        stack.initialParameters(seed: 1), on: data.inputs, steps: steps, settings: settings,
        seed: 1)
    }
    let (early, late) = (errors(1), errors(200))
    #expect(early.count == 3 && late.count == 3)
    #expect(late[0] < 0.1 * early[0])
  }
}
