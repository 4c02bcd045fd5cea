extension Lesson {
  /// All lessons in teaching order.
  public static let all: [Lesson] = [
    .chain, .powers, .activations, .exploding, .clippingCliff, .time, .longMemory,
    .remediesThroughTime,
  ]
}
