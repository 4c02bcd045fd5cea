extension Lesson {
  /// All lessons in teaching order.
  public static let all: [Lesson] = [
    .chain, .threeHidden, .powers, .formats, .initializers, .activations, .dyingReLU, .batchNorm,
    .residual, .hundred, .pretraining, .remedies, .learningRate, .gradientCheck, .exploding,
    .clippingCliff, .time, .longMemory, .remediesThroughTime,
  ]
}
