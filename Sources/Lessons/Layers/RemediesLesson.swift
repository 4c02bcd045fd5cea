import Foundation
import UnrollDenseMath
import UnrollFeedForward
import UnrollFigures
import UnrollOptimization
import UnrollStudies

extension Lesson {
  /// Sigmoid layers and five remedies side by side: the gradient, how far each layer moves, the loss.
  public static let remedies = Lesson(
    "remedies", parameters: [.layers(5, in: 2...40), .steps(1_500, in: 1...5_000)], seeds: 5,
    formulas: [
      "\\frac{∂L}{∂h_1} = \\frac{∂L}{∂h_L} ∏_{i=2}^L \\frac{∂h_i}{∂h_{i−1}}"
    ]
  ) { settings in
    let (layers, steps) = (settings.count("layers"), settings.count("steps"))
    let runs = try settings.overSeeds { seed in
      let data = RemediedNetwork.data(seed: seed)
      return RemediedNetwork.allCases.map {
        $0.run(on: data, seed: seed, layers: layers, steps: steps)
      }
    }
    let guess = settings.seeds.map { RemediedNetwork.data(seed: $0).guessingLoss }.median
    var result = LessonResult()
    result.numbers = [
      "guess": .number(guess), "extra": .count(Pretraining.layerUpdates * layers),
    ]
    func lines(_ values: (LayerRun) -> [Double], at places: [Double]? = nil) -> [LessonLine] {
      RemediedNetwork.allCases.enumerated().map { place, remedy in
        LessonLine(remedy.rawValue, over: runs.map { values($0[place]) }, at: places)
      }
    }
    for (place, remedy) in RemediedNetwork.allCases.enumerated() {
      let runs = runs.map { $0[place] }
      let loss = runs.map(\.loss).median
      result.numbers["\(remedy.rawValue)-reach"] = .number(runs.map(\.reach).median)
      result.numbers["\(remedy.rawValue)-moved"] = .number(
        runs.map { $0.moved[$0.moved.count - 1][0] }.median)
      result.numbers["\(remedy.rawValue)-loss"] = .number(loss)
      result.numbers["\(remedy.rawValue)-factor"] = .number(
        pow(runs.map(\.reach).median, 1 / Double(layers - 1)))
      // Within 0.02 of guessing nothing is told apart; a tenth below it, something is.
      result.checks.append(
        remedy == .plain
          ? LessonCheck("plain", predicted: guess, measured: loss, .absolute(0.02))
          : LessonCheck(remedy.rawValue, predicted: 0.9 * guess, measured: loss, .atMost))
    }
    result.panels = [
      LessonPanel(name: "gradient", upright: "||∂ℓ/∂h_i||", lines: lines(\.norms)),
      LessonPanel(
        name: "moved", upright: "||W_i − W_i^0|| / ||W_i^0||",
        lines: lines { $0.moved[$0.moved.count - 1] }),
      LessonPanel(
        name: "loss", lines: lines(\.losses, at: runs[0][0].places), levels: [("guess", guess)],
        isLogarithmic: false, ceiling: 1.5 * guess),
    ]
    return result
  }
}

/// Sigmoid layers, or what the notes offer instead.
enum RemediedNetwork: String, CaseIterable, Sendable {
  case plain, tanh, relu, normalized, residual, pretrained

  var specification: FeedForwardSpecification {
    switch self {
    case .plain, .pretrained: .init(.sigmoid, .lecun)
    case .tanh: .init(.tanh, .lecun)
    case .relu: .init(.relu, .he)
    case .normalized: .init(.sigmoid, .lecun, normalized: true)
    case .residual: .init(.tanh, .lecun, residual: true)
    }
  }

  /// The task: a teacher's two classes.
  static func data(seed: UInt64) -> FeedForwardData { .teacher(rows: 100, inputs: 8, seed: seed) }

  /// The network of `layers` layers of 24, trained by gradient descent.
  func run(on data: FeedForwardData, seed: UInt64, layers: Int, steps: Int) -> LayerRun {
    let network = FeedForwardNetwork(
      specification, inputs: data.inputs.columns, width: 24, depth: layers, outputs: 2)
    let parameters = network.initialParameters(seed: seed)
    if self == .pretrained {
      _ = network.pretrain(
        parameters, on: data.inputs, steps: Pretraining.layerUpdates,
        settings: .init(rate: 0.01, optimizer: .adam), seed: seed)
    }
    return LayerRun(
      network, parameters, on: data, .init(rate: 0.1), updates: steps,
      lookingEvery: max(steps / 40, 1))
  }
}
