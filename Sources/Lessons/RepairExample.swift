import UnrollFeedForward
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollReports
import UnrollStudies
import UnrollText

/// Twenty layers, of width 1 and of width 16: sigmoid, and four ways to let the gradient through.
package enum RepairExample {
  package static let depth = 20

  package static func report(seed: UInt64) -> DepthReport {
    let remedies: [(String, FeedForwardSpecification)] = [
      ("sigmoid", .init(.sigmoid, .lecun)), ("relu with he", .init(.relu, .he)),
      ("sigmoid, batch-norm", .init(.sigmoid, .lecun, normalized: true)),
      ("sigmoid, residual", .init(.sigmoid, .lecun, residual: true)),
    ]
    let stacks = [1, 16].flatMap { width in
      let data = FeedForwardData.noise(rows: 64, inputs: width, outputs: width, seed: seed)
      return remedies.map { name, specification in
        MeasuredNetwork.fresh(
          specification, label: "\(name), width \(width)", inputs: width, width: width,
          depth: depth, data: data, seed: seed)
      }
    }
    func sentence(_ part: ArraySlice<MeasuredNetwork>) -> String {
      zip(remedies, part).map { "\($0.0) \(DepthReport.share($1.reach))" }
        .joined(separator: ", ")
    }
    return DepthReport(
      title: "The chain deeper, and repaired",
      subtitle: "\(depth) layers, 64 random rows, a random gradient at the top, seed \(seed)",
      seed: seed, stacks: stacks,
      text:
        "What layer 1 receives of layer \(depth)'s gradient. Width 1: \(sentence(stacks[..<4])). "
        + "Width 16: \(sentence(stacks[4...])). A sigmoid's derivative is at most ¼, and nothing in "
        + "these nets makes up for it. ReLU passes all or nothing, which takes a wide layer: a chain "
        + "of width 1 is cut wherever its one unit is off. Batch normalization divides by the small "
        + "spread of its inputs, and a residual connection adds 1 to every layer's derivative.",
      facts: [
        "reach": .array(
          stacks.map { ["label": .string($0.label), "value": .number($0.reach)] })
      ])
  }
}
