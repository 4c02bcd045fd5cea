import UnrollDenseMath
import UnrollOptimization

/// Checks the immediate derivative of the vanishing-gradient regularizer Ω (`Regularizer.omega`)
/// against central differences. While W_hh changes, the states, and with them f′ and ∂L/∂h, keep the
/// values of one backward pass.
public enum VanishingGradientCheck {
  /// Checks Ω's gradient by every layer's W_hh for a model of the `rnn` cell, over whole sequences.
  ///
  /// - Parameter factor: the factor of Ω's sum over steps and rows.
  public static func run(
    _ model: RecurrentModel, _ parameters: Parameters<Double>, batch: Batch<Double>,
    factor: Double = 1
  ) -> GradientCheck.Report {
    let frozen = FrozenGradients()
    let gradients = gradients(model, parameters, batch, omega: factor, observer: frozen)
    // The loss's own part goes: Ω is checked alone.
    gradients.values.add(
      self.gradients(model, parameters, batch, omega: 0, observer: nil).values, scale: -1)
    let entries = model.layout.entries.filter { $0.name.hasPrefix("weight_hh_l") }
    let variables = entries.map { entry in
      GradientCheck.Variable(
        name: entry.name, values: parameters[entry], gradient: gradients[entry])
    }
    return GradientCheck.run(variables) {
      .init(loss: factor * frozen.omega(of: entries.map { parameters[$0] }))
    }
  }

  /// Compares the gradient of a loss with Ω in Float32 with that in Float64, both at the numbers rounded to
  /// Float32.
  public static func comparePrecisions(
    _ model: RecurrentModel, _ parameters: Parameters<Double>, batch: Batch<Double>
  ) -> GradientCheck.Report {
    func entries<Element: Scalar>(
      _ parameters: Parameters<Element>, _ batch: Batch<Element>
    ) -> [GradientCheck.Gradient] {
      let gradients = gradients(model, parameters, batch, omega: 1, observer: nil)
      return model.layout.entries.map { ($0.name, gradients[$0].values) }
    }
    return GradientCheck.compare(
      entries(parameters.converted(to: Float.self), batch.converted(to: Float.self)),
      with: entries(parameters.roundedToFloat, batch.roundedToFloat))
  }

  private static func gradients<Element: Scalar>(
    _ model: RecurrentModel, _ parameters: Parameters<Element>, _ batch: Batch<Element>,
    omega: Double, observer: (any BackwardObserver<Element>)?
  ) -> Parameters<Element> {
    let workspace = SequenceWorkspace<Element>(
      model: model, capacity: batch.shape.timeSteps, rows: batch.shape.rows, omega: omega)
    let gradients = Parameters<Element>(model.layout)
    workspace.passOverSequences(
      PackedParameters(model, parameters), batch, into: gradients, observer: observer)
    return gradients
  }
}

/// What Ω holds constant, recorded in a backward pass.
final class FrozenGradients: BackwardObserver {
  /// δ_{t+1} [B, H] and the length of ∂L/∂h_{t+1} of each row, for each step and layer.
  private var steps: [(layer: Int, deltas: Matrix<Double>, lengths: [Double])] = []

  func observe(_ step: BackwardStep<Double>) {
    var lengths = Array(repeating: 0.0, count: step.hiddenGradient.rows)
    step.hiddenGradient.rowNorms(into: &lengths)
    steps.append((step.layer, step.gateGradients.copy(), lengths))
  }

  /// Σ over steps, layers and rows of (‖W_hhᵀ δ‖/‖∂L/∂h‖ − 1)² under other recurrent weights, one for
  /// each layer. Rows without a gradient are left out.
  func omega(of recurrentWeights: [Matrix<Double>]) -> Double {
    var sum = 0.0
    for (layer, deltas, lengths) in steps {
      let images = Matrix<Double>(rows: deltas.rows, columns: deltas.columns)
      images.formProduct(deltas, recurrentWeights[layer])
      var imageLengths = lengths
      images.rowNorms(into: &imageLengths)
      for (image, length) in zip(imageLengths, lengths) where length > 0 {
        sum += (image / length - 1) * (image / length - 1)
      }
    }
    return sum
  }
}
