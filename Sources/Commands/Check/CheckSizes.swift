import UnrollCommandLine
import UnrollText

/// The sizes of the models and sequences that `unroll check` makes up. Small and odd: a wrong index
/// shows at any size, and few steps keep every gradient well above the rounding of a difference.
struct CheckSizes: Sendable, Equatable {
  /// H.
  var hidden = 3
  /// The most stacked layers.
  var layers = 3
  /// T.
  var length = 4

  /// B.
  static let rows = 3
  /// I, numbers or classes.
  static let inputs = 3
  /// O.
  static let outputs = 2
  static let classes = 3
}
