extension Lesson {
  /// All lessons in teaching order.
  public static let all: [Lesson] = [
    .chain, .powers, .formats, .initializers, .dyingReLU, .batchNorm, .learningRate, .gradientCheck,
  ]
}
