import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands

/// What `predict` and `evaluate` refuse of a file of sequences, as `decay` does.
struct PredictChecksTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  /// A unit h_t = 0.5 h_(t-1) + x_t, whose readout doubles it.
  private func model() throws -> String {
    var writer = SafetensorsWriter(requireFinite: true)
    writer.append("weight_ih_l0", shape: [1, 1], [1.0])
    writer.append("weight_hh_l0", shape: [1, 1], [0.5])
    writer.append("fc.weight", shape: [1, 1], [2.0])
    try writer.write(to: runs.path("model"))
    return runs.path("model")
  }

  private typealias Tensor = (name: String, shape: [Int], values: [Double])

  /// `command` on x [5, 3, 1] of 0.1 with `others` beside it.
  private func run(
    _ command: String, _ others: [Tensor], lengths: [Int]? = nil
  ) throws -> TemporaryRuns.Outcome {
    var writer = SafetensorsWriter(requireFinite: true)
    writer.append("x", shape: [5, 3, 1], Array(repeating: 0.1, count: 15))
    for (name, shape, values) in others { writer.append(name, shape: shape, values) }
    if let lengths { writer.append("lengths", shape: [lengths.count], lengths) }
    try writer.write(to: runs.path("b"))
    return runs.run(
      [
        command, "--model", try model(), "--inputs", runs.path("b"), "--activation", "identity",
        "--json",
      ] + (command == "evaluate" ? [] : ["--out", runs.path(command)]))
  }

  private func zeros(_ name: String, _ shape: [Int]) -> Tensor {
    (name, shape, Array(repeating: 0, count: shape.reduce(1, *)))
  }

  @Test(arguments: ["predict", "evaluate", "decay"])
  func batchFirstShapesAreRefused(command: String) throws {
    for (shape, advice) in [
      ([3, 5, 1], "swap the first two axes of y, or of x"),
      ([5, 1], "swap the first two axes of x"),
    ] {
      let outcome = try run(command, [zeros("y", shape)])
      #expect(outcome.status == .failed && outcome.errors.count == 1 && outcome.out.isEmpty)
      #expect(outcome.errors.first?.contains(advice) == true, "\(outcome.errors)")
    }
    let lengths = try run(command, [zeros("y", [3, 1])], lengths: [1, 2, 3, 4, 5])
    #expect(lengths.status == .failed && lengths.errors[0].contains("'lengths' has the shape [5]"))
    #expect(runs.files(in: command) == nil)
  }

  @Test(arguments: ["predict", "evaluate", "decay"])
  func outputsThatDifferAreRefused(command: String) throws {
    var outputs = zeros("outputs", [5, 3, 1])
    // h after each step of 0.1: 0.2 (1 − 0.5^(t+1)); the readout doubles it.
    outputs.values = (0..<15).map { 0.4 * (1 - pow(0.5, Double($0 / 3 + 1))) }
    // What lies beyond the second sequence's length is not looked at.
    outputs.values[4 * 3 + 1] = 99
    let y = zeros("y", [3, 1])
    let right = try run(command, [y, outputs], lengths: [5, 4, 5])
    #expect(right.status == .done, "\(right.errors)")
    outputs.values[3 * 3 + 1] += 0.001
    let wrong = try run(command, [y, outputs], lengths: [5, 4, 5])
    #expect(wrong.status == .failed && wrong.errors.count == 1, "\(wrong.errors)")
    #expect(wrong.errors.first?.contains("at step 3, row 1, output 0") == true, "\(wrong.errors)")
    let shape = try run(command, [y, zeros("outputs", [3, 5, 1])])
    #expect(shape.status == .failed && shape.errors[0].contains("accepted: [5, 3, 1] or [3, 1]"))
  }
}
