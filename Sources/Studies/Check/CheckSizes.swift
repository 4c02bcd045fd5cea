/// The sizes of the models and sequences that a check makes up. Small and odd: a wrong index
/// shows at any size, and few steps keep every gradient well above the rounding of a difference.
public struct CheckSizes: Sendable, Equatable {
  /// The hidden size H.
  public var hidden = 3
  /// The most stacked layers.
  public var layers = 3
  /// The number of steps T.
  public var length = 4

  /// Sizes; the ones left out are those of `unroll check`.
  public init(
    hidden: Int = 3, layers: Int = 3, length: Int = 4
  ) {
    self.hidden = hidden
    self.layers = layers
    self.length = length
  }

  /// The batch size B.
  public static let rows = 3
  /// The input size I, of numbers or classes.
  public static let inputs = 3
  /// The output size O of a squared error.
  public static let outputs = 2
  /// The number of classes of a cross-entropy.
  public static let classes = 3
}
