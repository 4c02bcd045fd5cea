import Foundation
import UnrollDenseMath
import UnrollFeedForward
import UnrollFileFormats
import UnrollGradientFlow
import UnrollReports
import UnrollStudies
import UnrollText

/// D linear layers with W = s·I: outputs s^D, gradients s^(D−1), and where number formats end.
package enum PowersExample {
  package static let depth = 20
  package static let width = 4

  package static func report(seed: UInt64) -> DepthReport {
    let data = FeedForwardData.noise(rows: 8, inputs: width, outputs: width, seed: seed)
    let stacks = [1.5, 0.5].map { scale in
      MeasuredNetwork.fresh(
        FeedForwardSpecification(.identity, .identity(scale)), label: "W = \(scale.plainText)·I",
        inputs: width, width: width, depth: depth, data: data, seed: seed)
    }
    let limits = NumberFormat.kept.map { format in
      (format: format, overflow: format.depth(of: 1.5), vanish: format.depth(of: 0.5))
    }
    let table = limits.map { limit in
      "\(limit.format.name) overflows at \(NumberText.count(limit.overflow)) and reaches 0 at "
        + NumberText.count(limit.vanish)
    }
    return DepthReport(
      title: "Powers of 1.5 and of 0.5",
      subtitle: "\(depth) linear layers of width \(width), W = s·I, no bias", seed: seed,
      stacks: stacks,
      text: "A layer multiplies by s, forward and backward. After \(depth) layers "
        + "the output is 1.5^\(depth) = \(NumberText.significant(pow(1.5, Double(depth)))) or "
        + "0.5^\(depth) = \(NumberText.significant(pow(0.5, Double(depth)))) times the input, and "
        + "‖∂L/∂h₁‖/‖∂L/∂h_\(depth)‖ is \(NumberText.significant(stacks[0].reach)) = "
        + "1.5^\(depth - 1) or \(NumberText.significant(stacks[1].reach)) = 0.5^\(depth - 1). "
        + "Powers of 1.5 overflow and powers of 0.5 vanish, by number of layers: "
        + table.joined(separator: "; ") + ".",
      facts: [
        "reach": .array(stacks.map { .number($0.reach) }),
        "limits": .array(
          limits.map {
            [
              "format": .string($0.format.name), "overflow": .integer($0.overflow),
              "vanish": .integer($0.vanish),
            ]
          }),
      ])
  }
}

extension NumberFormat {
  /// Those that training and measuring use.
  package static let kept = all + [float64]

  /// The number of factors after which their product from 1, rounded at each step, is no longer
  /// finite, or 0; `factor` must not be near 1.
  package func depth(of factor: Double) -> Int {
    var (value, depth) = (1.0, 0)
    while value.isFinite, value != 0, depth < 10_000 {
      value = rounded(value * factor)
      depth += 1
    }
    return depth
  }
}
