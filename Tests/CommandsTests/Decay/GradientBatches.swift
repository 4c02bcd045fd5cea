import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommands

/// Tests of `unroll decay` on linear units whose curves are known, and on batches written for them.
protocol GradientBatches {
  var runs: TemporaryRuns { get }
}

extension GradientBatches {
  typealias Tensor = (name: String, shape: [Int], values: [Double])

  func tensor(_ name: String, _ shape: Int..., value: Double) -> Tensor {
    (name, shape, Array(repeating: value, count: shape.reduce(1, *)))
  }

  func file(
    _ name: String, _ tensors: [Tensor], integers: [(String, [Int], [Int])] = []
  ) throws -> String {
    var writer = SafetensorsWriter(requireFinite: false)
    for (name, shape, values) in tensors { writer.append(name, shape: shape, values) }
    for (name, shape, values) in integers { writer.append(name, shape: shape, values) }
    try writer.write(to: runs.path(name))
    return runs.path(name)
  }

  /// `layers` linear units h_t = 0.5 h_(t-1) + x_t on top of each other.
  func model(layers: Int = 1, and others: [Tensor] = []) throws -> String {
    let weights = (0..<layers).flatMap { layer in
      [
        tensor("net.weight_ih_l\(layer)", 1, 1, value: 1),
        tensor("net.weight_hh_l\(layer)", 1, 1, value: 0.5),
      ]
    }
    return try file("model.safetensors", weights + others)
  }

  func x(_ steps: Int = 20, rows: Int = 1) -> Tensor {
    tensor("x", steps, rows, 1, value: 0.1)
  }

  func decay(_ model: String, _ batch: String, _ words: String...) -> TemporaryRuns.Outcome {
    decay(model, batch, ["--quiet"] + words)
  }

  func decay(_ model: String, _ batch: String, _ words: [String]) -> TemporaryRuns.Outcome {
    runs.run(
      [
        "decay", "--model", model, "--inputs", batch, "--activation", "identity", "--out",
        runs.path("run"),
      ] + words)
  }

  func curve(_ path: String, layer: Int = 0) throws -> [Double] {
    let table = try CSVTable(path: runs.path("run/decay.csv"))
    return table.rows.filter { $0[2] == "\(layer)" && $0[3] == path }.compactMap { Double($0[6]) }
  }

  /// Exact but for the rounding of some twenty products.
  func expectClose(_ got: [Double], _ wanted: [Double]) {
    #expect(got.count == wanted.count)
    #expect(zip(got, wanted).allSatisfy { abs($0 - $1) <= 1e-14 * abs($1) }, "\(got)")
  }
}
