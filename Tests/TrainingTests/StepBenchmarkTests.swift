import Testing
import UnrollDenseMath
import UnrollRecurrentCells

@testable import UnrollTraining

struct StepBenchmarkTests {
  private func point(
    _ cell: String, length: Int = 7, batch: Int = 3, input: Int = 2, hidden: Int = 5
  ) throws -> BenchmarkPoint {
    BenchmarkPoint(
      cell: try CellSpecification(parsing: cell), length: length, batch: batch, input: input,
      hidden: hidden)
  }

  /// Counted product by product, two operations a multiply-add.
  @Test(arguments: [("rnn", 1), ("gru", 3), ("lstm", 4)])
  func operationsAreThoseOfTheProducts(cell: String, gates: Int) throws {
    let (length, batch, input, hidden) = (7, 3, 2, 5)
    let units = gates * hidden
    let inputProduct = 2 * length * batch * units * input
    let recurrentProduct = 2 * length * batch * units * hidden
    // Forward both, backward the recurrent one, weight gradients both.
    #expect(
      try point(cell).operations == Double(2 * inputProduct + 3 * recurrentProduct))
  }

  /// A cell without fused runs has all of its time in the rest.
  @Test(arguments: ["rnn", "lstm", "gru"])
  func aTinyPointIsTimed(cell: String) throws {
    try check(cell, as: Float.self)
    try check(cell, as: Double.self)
  }

  private func check<Element: Scalar>(_ cell: String, as type: Element.Type) throws {
    let benchmark = try StepBenchmark<Element>(point(cell), threads: 2)
    let seconds = try benchmark.medianSeconds(budget: 0.005)
    #expect(seconds > 0 && seconds < 1)
    #expect(try benchmark.trainer.times(budget: 0, least: 4).count == 4)

    let shares = try benchmark.shares(budget: 0.005)
    let parts = [
      shares.inputProduct, shares.recurrentForward, shares.gates, shares.recurrentBackward,
      shares.weightGradients, shares.update, shares.rest,
    ]
    #expect(parts.allSatisfy { $0 > 0 && $0 < 1 }, "\(shares)")
    // Sums of seven shares, each rounded.
    #expect(abs(parts.reduce(0, +) - 1) < 1e-12, "\(shares)")
  }

  /// Steps of a benchmark train: the loss on its one batch falls.
  @Test func stepsTrainOnOneBatch() throws {
    let benchmark = try StepBenchmark<Double>(point("lstm"), threads: 2)
    let first = try benchmark.trainer.step().loss
    for _ in 0..<200 { try benchmark.step() }
    #expect(try benchmark.trainer.step().loss < first)
  }

  /// Over 200 steps the gradients of a cell that starts as PyTorch's fade below 2^-126, which is
  /// subnormal in Float and normal in Double.
  @Test(arguments: ["rnn", "lstm/forget-bias=none"])
  func gradientsBecomeSubnormal(cell: String) throws {
    let long = try point(cell, length: 200, batch: 2, hidden: 32)
    #expect(try StepBenchmark<Float>(long, threads: 2).subnormalShare() > 0.02)
    #expect(try StepBenchmark<Double>(long, threads: 2).subnormalShare() == 0)
    let short = try point(cell, length: 10, batch: 2, hidden: 32)
    #expect(try StepBenchmark<Float>(short, threads: 1).subnormalShare() == 0)
  }

  /// After 140 steps of ½ the gradient by the state before them is subnormal, or zero.
  @Test func flushingIsASetting() throws {
    let benchmark = try StepBenchmark<Float>(
      point(
        "rnn/activation=identity/init=identity:0.5", length: 140, batch: 1, input: 1, hidden: 1),
      threads: 1)
    #expect(benchmark.flushesSubnormals)
    #expect(try benchmark.subnormalShare() > 0 && benchmark.flushesSubnormals)
    for flushes in [true, false] {
      benchmark.flushesSubnormals = flushes
      try benchmark.step()
      let gradient = benchmark.trainer.shared.shards[0].workspace.initialStateGradient[0][0, 0]
      #expect(flushes ? gradient == 0 : gradient.isSubnormal, "\(flushes): \(gradient)")
    }
  }

  @Test func sizesBeyondTheMachineAreRefused() throws {
    let huge = try point("lstm", length: 1_000_000, batch: 65_536, input: 2, hidden: 65_536)
    #expect(throws: TrainingError.self) { try StepBenchmark<Float>.validate(huge, threads: 1) }
    #expect(throws: TrainingError.self) { try StepBenchmark<Float>(huge, threads: 1) }
  }
}
