import Foundation
import UnrollDenseMath
import UnrollFeedForward
import UnrollFigures
import UnrollOptimization
import UnrollStudies

extension Lesson {
  /// All activations in families: their derivatives, and what a layer of each leaves of a gradient.
  public static let activations = Lesson(
    "activations", parameters: [.layers(30, in: 2...200), .width(128, in: 2...512)], seeds: 5,
    formulas: [
      "q_1 = 1, \\quad q_{i+1} = E[f(\\sqrt{q_i} z)^2], \\quad z ∼ N(0, 1), \\quad Var\\,w = \\frac{1}{n}",
      "\\frac{‖∂ℓ/∂h_{i−1}‖}{‖∂ℓ/∂h_i‖} ≈ \\sqrt{E[f′(\\sqrt{q_i} z)^2]} ≤ max\\,|f′|",
    ]
  ) { settings in
    let (layers, width) = (settings.count("layers"), settings.count("width"))
    let shown = try Activation.forms.map { try ShownActivation(Activation(parsing: $0.name)) }
    let runs = try settings.overSeeds { seed in
      let data = FeedForwardData.noise(rows: 32, inputs: width, outputs: width, seed: seed)
      func factor(_ function: LayerFunction) -> Double {
        var specification = FeedForwardSpecification(function)
        specification.initializer = .lecun
        return MeasuredNetwork.fresh(
          specification, inputs: width, width: width, depth: layers, data: data, seed: seed
        ).factor
      }
      return (
        shown: shown.map { factor(.activation($0.activation)) }, maxout: factor(.maxout(pieces: 2))
      )
    }
    let factors = shown.indices.map { place in runs.map { $0.shown[place] }.median }
    let predicted = shown.map { $0.factor(layers: layers) }
    func value(_ name: String, _ values: [Double]) -> Double {
      shown.firstIndex { $0.name == name }.map { values[$0] } ?? .nan
    }
    func names(_ isIncluded: (ShownActivation) -> Bool) -> LessonValue {
      .list(named: shown.filter(isIncluded).map(\.name))
    }
    let largest = shown.indices.filter { shown[$0].name != "identity" }.max {
      factors[$0] < factors[$1]
    }

    var result = LessonResult()
    result.numbers = [
      "count": .count(shown.count),
      "both": names { $0.shape.saturates == (true, true) },
      "left": names { $0.shape.saturates == (true, false) },
      "right": names { $0.shape.saturates == (false, true) },
      "neither": names { $0.shape.saturates == (false, false) },
      "centered": names(\.shape.isZeroCentered),
      "above": names { $0.shape.largestDerivative > 1 },
      "sigmoid": .number(value("sigmoid", factors)), "tanh": .number(value("tanh", factors)),
      "relu": .number(value("relu", factors)), "silu": .number(value("silu", factors)),
      "selu": .number(value("selu", factors)), "softplus": .number(value("softplus:1", factors)),
      "identity": .number(value("identity", factors)), "maxout": .number(runs.map(\.maxout).median),
      "best": .name(largest.map { shown[$0].name } ?? ""),
      "best-factor": .number(largest.map { factors[$0] } ?? .nan),
      "sigmoid-mean": .number(value("sigmoid", shown.map(\.mean))),
      "relu-mean": .number(value("relu", shown.map(\.mean))),
      "elu-mean": .number(value("elu:1", shown.map(\.mean))),
    ]
    result.checks = [
      // The difference quotient has an error of f‴·1e-10/6, and one of 1e-16·|f|/1e-5 for rounding, with |f| up
      // to 20: some 1e-10 each. A wrong derivative is wrong by far more.
      LessonCheck(
        "difference", predicted: 1e-8, measured: shown.map(\.difference).largest, .atMost),
      // The formula is that of infinitely wide layers; in one of n units the mean of f′² over units scatters
      // by about 1/√n of itself, and so do factors over few layers.
      LessonCheck(
        "factor",
        predicted: 0.05,
        measured: zip(factors, predicted).map { abs($0 / $1 - 1) }.largest, .atMost),
    ]
    // Places are 0.004 apart, so the largest f′ lies up to 0.002 beside one: there f′ is less by f‴·0.002²/2.
    for shown in shown {
      result.checks.append(
        LessonCheck(
          "max |f′|, \(shown.name)", predicted: shown.shape.largestDerivative,
          measured: shown.slopes.values.map { abs($0) }.largest, .relative(1e-5)))
    }
    func graphs(_ name: String, _ names: [String]) -> LessonPanel {
      let drawn = shown.filter { names.contains($0.name) }
      return LessonPanel(
        name: name,
        lines: drawn.map { LessonLine($0.name, points: $0.points(\.values, within: 2)) }
          + drawn.map { shown in
            LessonLine("f \(shown.name)", points: shown.points(\.outputs, within: 2), mark: .faint)
              .companion(of: shown.name)
          },
        isLogarithmic: false, isCounted: false)
    }
    let places = shown.indices.map(Double.init)
    result.panels = [
      graphs("bounded", ShownActivation.bounded), graphs("rectified", ShownActivation.rectified),
      LessonPanel(
        name: "factor",
        lines: [
          LessonLine("predicted", over: [predicted], at: places, mark: .points),
          LessonLine("measured", over: runs.map(\.shown), at: places, mark: .points),
          LessonLine(
            "largest", over: [shown.map(\.shape.largestDerivative)], at: places, mark: .points),
          LessonLine("mean", over: [shown.map(\.mean)], at: places, mark: .points),
        ], categories: shown.map(\.name), levels: [("one", 1)], isLogarithmic: false),
    ]
    return result
  }
}

/// An activation of the lesson, with what is measured of its graph.
struct ShownActivation: Sendable {
  /// What is drawn of the sigmoid and tanh families.
  static let bounded = [
    "sigmoid", "hard-sigmoid", "log-sigmoid", "tanh", "hard-tanh", "softsign", "arctan",
    "scaled-tanh",
  ]
  /// What is drawn of the ReLU family. The others have the derivatives of one of these, or nearly.
  static let rectified = [
    "relu", "leaky-relu:0.01", "elu:1", "selu", "gelu", "silu", "mish", "softplus:1",
  ]

  let activation: Activation
  /// At ten thousand places and one.
  let slopes: Slopes
  /// The largest difference between f′ and a central difference of f, away from kinks.
  let difference: Double
  var name: String { activation.description }
  var shape: ActivationShape { activation.shape }

  init(_ activation: Activation) {
    let (reach, count, distance) = (20.0, 10_001, 1e-5)
    self.activation = activation
    slopes = Slopes(of: activation, from: -reach, to: reach, count: count)
    let (left, right) = (
      Slopes(of: activation, from: -reach - distance, to: reach - distance, count: count),
      Slopes(of: activation, from: -reach + distance, to: reach + distance, count: count)
    )
    let kinks = activation.shape.kinks
    var largest = 0.0
    for (place, x) in slopes.places.enumerated()
    where !kinks.contains(where: { abs($0 - x) <= 2 * distance }) {
      let difference = (right.outputs[place] - left.outputs[place]) / (2 * distance)
      largest = max(largest, abs(difference - slopes.values[place]))
    }
    difference = largest
  }

  /// What is drawn of f or f′: five to either side of 0, where it is at most `bound` in size.
  func points(_ values: KeyPath<Slopes, [Double]>, within bound: Double) -> [Chart.Point] {
    zip(slopes.places, slopes[keyPath: values]).enumerated().filter {
      $0 % 10 == 0 && abs($1.0) <= 5 && abs($1.1) <= bound
    }.map { Chart.Point(x: $1.0, y: $1.1) }
  }

  /// E[f(z)] for z from N(0, 1).
  var mean: Double { layer(above: 1).outputMean }

  /// What a layer of variance 1/n multiplies a gradient by, on average from the second layer to the last:
  /// the geometric mean of √E[f′²], where the inputs of each layer's units have the mean square of the outputs
  /// below as their variance.
  func factor(layers: Int) -> Double {
    var (square, logs) = (1.0, [Double]())
    for index in 1...layers {
      let wide = layer(above: square)
      if index > 1 { logs.append(0.5 * log(wide.slopeSquare)) }
      square = wide.outputSquare
    }
    return exp(logs.reduce(0, +) / Double(max(logs.count, 1)))
  }

  /// A wide layer of variance 1/n on outputs with the mean square `square`.
  private func layer(above square: Double) -> MeanFieldLayer {
    MeanFieldLayer(activation, inputs: 1, weightVariance: 1, inputSquare: square)
  }
}
