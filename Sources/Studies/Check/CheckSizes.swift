/// The sizes of the models and sequences that `unroll check` makes up. Small and odd: a wrong index
/// shows at any size, and few steps keep every gradient well above the rounding of a difference.
package struct CheckSizes: Sendable, Equatable {
  /// H.
  package var hidden = 3
  /// The most stacked layers.
  package var layers = 3
  /// T.
  package var length = 4

  package init(
    hidden: Int = 3, layers: Int = 3, length: Int = 4
  ) {
    self.hidden = hidden
    self.layers = layers
    self.length = length
  }

  /// B.
  package static let rows = 3
  /// I, numbers or classes.
  package static let inputs = 3
  /// O.
  package static let outputs = 2
  package static let classes = 3
}
