import Foundation
import UnrollDenseMath
import UnrollOptimization

/// What reaches one layer of a stack, and how its units stand.
public struct LayerRecord: Sendable, Equatable {
  /// i, from 1 (next to the input) to D.
  public let layer: Int
  /// ‖∂ℓ_b/∂h_i‖₂ for each row b, without a factor 1/B: B times the row of the mean loss's gradient,
  /// so that a norm does not depend on the batch size.
  public let hiddenNorms: [Double]
  /// ‖∂L/∂W_i‖ of the mean loss.
  public let weightNorm: Double
  /// ‖∂L/∂b_i‖ of the mean loss; under batch normalization ‖∂L/∂β_i‖.
  public let biasNorm: Double
  /// Mean over updates of ‖ΔW_i‖/‖W_i‖; nil where nothing was trained.
  public var relativeUpdate: Double?
  /// Share of units whose f(u) is 0 for every row: dead ReLUs.
  public let deadShare: Double
  /// Share of units, row by row, with |f′(u)| below ``saturationBound(of:)``.
  public let saturatedShare: Double
  /// The mean of h_i over rows and units.
  public let activationMean: Double
  /// The standard deviation of h_i over rows and units.
  public let activationSpread: Double

  /// g(i): the mean over rows.
  public var hiddenMean: Double {
    hiddenNorms.reduce(0) { $0 + $1 / Double(hiddenNorms.count) }
  }

  /// The geometric mean over rows; 0 where a row is 0.
  public var hiddenGeometricMean: Double {
    exp(hiddenNorms.reduce(0) { $0 + log($1) / Double(hiddenNorms.count) })
  }

  /// A unit counts as saturated where |f′| is less: for tanh (and scaled) where |h| is over 99% of its
  /// limit, for sigmoid where h < 0.01 or h > 0.99, for the others where f′ is under 1% of its largest,
  /// or of 1 where that is larger.
  public static func saturationBound(of activation: Activation) -> Double {
    let largest = activation.shape.largestDerivative
    return switch activation {
    case .tanh, .scaledTanh: largest * (1 - 0.99 * 0.99)
    case .sigmoid: 0.01 * 0.99
    default: 0.01 * min(largest, 1)
    }
  }
}

extension FeedForwardPass {
  /// A record for each layer, from 1 to D, after ``backward(_:into:)``.
  public func records(
    _ parameters: Parameters<Element>, gradient: Parameters<Element>
  ) -> [LayerRecord] {
    let derivative = Matrix<Element>(rows: rows, columns: stack.width)
    let bound = LayerRecord.saturationBound(of: stack.specification.activation)
    return zip(layers, stack.layers).enumerated().map { index, pair in
      let (layer, entries) = pair
      var norms = [Double](repeating: 0, count: rows)
      layer.outputGradient.rowNorms(into: &norms)
      layer.formDerivative(parameters, into: derivative)
      let slopes = derivative.values
      let outputs = layer.outputs.values
      let mean = outputs.reduce(0) { $0 + $1 / Double(outputs.count) }
      let variance = outputs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) / Double(outputs.count) }
      return LayerRecord(
        layer: index + 1, hiddenNorms: norms.map { $0 * Double(rows) },
        weightNorm: gradient[entries.weight].norm,
        biasNorm: entries.shift.map { gradient[$0].norm } ?? 0,
        deadShare: Self.deadShare(of: layer.activations),
        saturatedShare: Double(slopes.count { abs($0) < bound }) / Double(slopes.count),
        activationMean: mean, activationSpread: variance.squareRoot())
    }
  }

  private static func deadShare(of activations: Matrix<Element>) -> Double {
    let values = activations.values
    let width = activations.columns
    let dead = (0..<width).count { unit in
      stride(from: unit, to: values.count, by: width).allSatisfy { values[$0] == 0 }
    }
    return Double(dead) / Double(width)
  }
}

extension FeedForwardNetwork {
  /// Measures every layer on one batch: a forward and a backward pass under the batch's own
  /// statistics.
  public func measure(
    _ parameters: Parameters<Double>, on data: FeedForwardData
  ) -> (loss: Double, layers: [LayerRecord]) {
    let pass = FeedForwardPass<Double>(self, rows: data.rows)
    let gradient = Parameters<Double>(layout)
    pass.forward(parameters, data.inputs)
    let loss = pass.loss(data.targets)
    pass.backward(parameters, into: gradient)
    return (loss, pass.records(parameters, gradient: gradient))
  }
}
