import UnrollDenseMath
import UnrollFeedForward
import UnrollFileFormats
import UnrollReports
import UnrollStudies
import UnrollText

/// A hundred layers. With N(0, σ²) weights a wide sigmoid layer passes g·√E[σ′(u)²] of a gradient's
/// norm, g = σ√N; σ = 0.5524 at N = 128, g = 6.25, makes that 0.79.
package enum HundredExample {
  package static let depth = 100
  package static let width = 128
  package static let deviation = 0.5524

  package static func report(seed: UInt64) -> DepthReport {
    let data = FeedForwardData.noise(rows: 32, inputs: width, outputs: width, seed: seed)
    let specifications = [
      FeedForwardSpecification(.sigmoid, .normal(deviation)), FeedForwardSpecification(.relu, .he),
      FeedForwardSpecification(.sigmoid, .normal(deviation), normalized: true),
      FeedForwardSpecification(.sigmoid, .normal(deviation), residual: true),
    ]
    let stacks = specifications.map {
      MeasuredNetwork.fresh(
        $0, inputs: width, width: width, depth: depth, data: data, seed: seed)
    }
    let plain = stacks[0]
    let last = plain.norms[depth - 1]
    let firstAbove = (plain.norms.firstIndex { $0 > 0.01 * last } ?? 0) + 1
    let whole = "layer \(depth)'s gradient"
    let gain = deviation * Double(width).squareRoot()
    return DepthReport(
      title: "A hundred layers",
      subtitle:
        "width \(width), σ = \(deviation) (gain σ√N = \(NumberText.significant(gain))), 32 random rows, "
        + "seed \(seed)",
      seed: seed, stacks: stacks,
      text: "Sigmoid layers of width \(width) with weights of standard deviation \(deviation) pass "
        + "\(NumberText.rate(plain.factor)) of the gradient's norm each: layers \(firstAbove) to "
        + "\(depth) receive more than 1% of what layer \(depth) gets, all below receive less, and "
        + "layer 1 receives \(DepthReport.share(plain.reach, of: whole)). With ReLU and He's "
        + "initialization layer 1 receives \(DepthReport.share(stacks[1].reach, of: whole)), with batch "
        + "normalization \(DepthReport.share(stacks[2].reach, of: whole)), and with residual connections "
        + "\(DepthReport.share(stacks[3].reach, of: whole)).",
      facts: [
        "factor": .number(plain.factor), "first_layer_above_one_percent": .integer(firstAbove),
        "reach": .array(stacks.map { .number($0.reach) }),
      ])
  }
}
