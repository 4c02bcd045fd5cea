import Foundation
import UnrollDenseMath
import UnrollFeedForward
import UnrollFigures
import UnrollGradientFlow
import UnrollStudies
import UnrollText

extension Lesson {
  /// L linear layers with W = s·I: outputs s^L, gradients s^(L−1), and where number formats end.
  public static let powers = Lesson(
    "powers", parameters: [.factors([1.5, 0.5]), .layers(100)],
    formulas: [
      "h_L = s^L x, \\quad \\frac{∂L}{∂h_1} = s^{L−1} \\frac{∂L}{∂h_L}"
    ]
  ) { settings in
    let (layers, factors) = (settings.count("layers"), settings.list("factors"))
    let width = 4
    let data = FeedForwardData.noise(rows: 8, inputs: width, outputs: width, seed: settings.seed)
    let networks = factors.map { factor in
      MeasuredNetwork.fresh(
        FeedForwardSpecification(.identity, .identity(factor)), inputs: width, width: width,
        depth: layers, data: data, seed: settings.seed)
    }
    let outputs = factors.map { factor in
      let network = FeedForwardNetwork(
        FeedForwardSpecification(.identity, .identity(factor)), inputs: width, width: width,
        depth: layers)
      let pass = FeedForwardPass<Double>(network, rows: data.rows)
      pass.forward(network.initialParameters(seed: settings.seed), data.inputs)
      return pass.outputs.norm / data.inputs.norm
    }
    let names = factors.map { $0.plainText }
    let ends = factors.map { factor in NumberFormat.kept.map { $0.depth(of: factor) } }
    var result = LessonResult()
    result.numbers = [
      "outputs": .numbers(outputs),
      "gradients": .numbers(networks.map(\.reach)), "exponent": .count(layers - 1),
      "formats": .list(named: NumberFormat.kept.map(\.name)),
      "fifteen": .number(pow(1.5, 100)),
    ]
    let endless = zip(names, ends).filter { $1.contains(nil) }.map(\.0)
    result.numbers["endless"] = .list(named: endless)
    result.findings += endless.isEmpty ? [] : ["finding endless"]
    result.findings += factors.contains(1.5) && layers == 100 ? [] : ["finding fifteen"]
    for (place, (name, factor)) in zip(names, factors).enumerated() {
      // Each product of a factor is rounded once.
      result.checks.append(
        LessonCheck(
          "\(name)^\(layers)", predicted: pow(factor, Double(layers)), measured: outputs[place],
          .relative(1e-15 * Double(layers))))
      result.checks.append(
        LessonCheck(
          "\(name)^\(layers - 1)", predicted: pow(factor, Double(layers - 1)),
          measured: networks[place].reach, .relative(1e-15 * Double(layers))))
    }
    for (name, (factor, depths)) in zip(names, zip(factors, ends)) {
      for (format, depth) in zip(NumberFormat.kept, depths) {
        guard let depth, let predicted = format.predictedDepth(of: factor) else { continue }
        result.checks.append(
          LessonCheck(
            "\(format.name), \(name)^n", predicted: predicted, measured: Double(depth),
            .absolute(format.depthTolerance(of: factor, predicted: predicted))))
      }
    }
    result.panels = [
      LessonPanel(
        name: "gradient", upright: "||∂ℓ/∂h_i|| / ||∂ℓ/∂h_L||",
        lines: zip(names, networks).map { name, network in
          LessonLine("s = \(name)", values: network.norms.map { $0 / (network.norms.last ?? .nan) })
        }),
      LessonPanel(
        name: "formats",
        lines: zip(names, ends).map { name, depths in
          LessonLine(
            "s = \(name)",
            points: depths.enumerated().map { place, depth in
              Chart.Point(x: Double(place), y: depth.map(Double.init) ?? .nan)
            }, mark: .points)
        }, categories: NumberFormat.kept.map(\.name)),
    ]
    return result
  }
}

extension NumberFormat {
  /// Those that training and measuring use.
  static let kept = all + [float64]

  /// The number of factors after which their product from 1, rounded at each step, is no longer finite, or is
  /// 0; nil where that never happens: for 1, and where rounding keeps a factor above ½ at the smallest
  /// number of all.
  func depth(of factor: Double) -> Int? {
    var (value, depth) = (1.0, 0)
    while value.isFinite, value != 0 {
      let next = rounded(value * factor)
      if next == value { return nil }
      value = next
      depth += 1
    }
    return depth
  }

  /// The same from the largest number, and for powers of ½ from the half of the smallest; nil for other factors
  /// below 1, whose products lose digits before they end.
  func predictedDepth(of factor: Double) -> Double? {
    if factor > 1 { return (log2(greatest) / log2(factor)).rounded(.up) }
    let halves = log2(factor)
    return halves < 0 && halves == halves.rounded()
      ? ((log2(leastNonzero) - 1) / halves).rounded(.up) : nil
  }

  /// How far rounding may move the end: each product by half a unit of its last place.
  func depthTolerance(of factor: Double, predicted: Double) -> Double {
    factor > 1 ? 1 + predicted * scalbn(1, -fractionBits - 1) / log(factor) : 0
  }
}
