extension Lesson {
  /// All lessons in teaching order.
  public static let all: [Lesson] = [
    .chain, .threeHidden, .powers, .residual, .hundred, .pretraining, .remedies,
  ]
}
