import UnrollDenseMath
import UnrollFeedForward
import UnrollOptimization

extension FeedForwardNetwork {
  /// The largest curvature λ of the mean loss: the eigenvalue of largest size of its matrix of second
  /// derivatives, by power iteration. A product of that matrix and a direction v of length 1 is the
  /// difference of two gradients, (∇L(θ + s·v) − ∇L(θ − s·v))/2s with s = 1e-5.
  ///
  /// Where a loss is quadratic, gradient descent at a rate η multiplies the error along that direction by
  /// 1 − ηλ in each update, so that it diverges above 2/λ.
  package func largestCurvature(
    _ parameters: Parameters<Double>, on data: FeedForwardData, iterations: Int = 60,
    seed: UInt64 = 1
  ) -> Double {
    let pass = FeedForwardPass<Double>(self, rows: data.rows)
    let place = parameters.copy()
    let (upper, lower) = (Parameters<Double>(layout), Parameters<Double>(layout))
    let direction = Matrix<Double>(rows: 1, columns: layout.count)
    var random = RandomNumbers(seed: seed, 0xC04E)
    direction.assign((0..<layout.count).map { _ in random.normal() })
    let step = 1e-5
    func formGradient(_ shift: Double, into gradient: Parameters<Double>) {
      place.values.assign(parameters.values)
      place.values.add(direction, scale: shift)
      pass.forward(place, data.inputs)
      _ = pass.loss(data.targets)
      pass.backward(place, into: gradient)
    }
    var curvature = 0.0
    for _ in 0..<iterations {
      direction.scale(by: 1 / direction.norm)
      formGradient(step, into: upper)
      formGradient(-step, into: lower)
      upper.values.add(lower.values, scale: -1)
      upper.values.scale(by: 0.5 / step)
      curvature = upper.values.dot(direction)
      guard upper.values.norm > 0 else { return 0 }
      direction.assign(upper.values)
    }
    return curvature
  }
}
