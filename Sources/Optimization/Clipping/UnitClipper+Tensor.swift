extension UnitClipper {
  /// `tensor:τ` clips each named parameter's gradient by its own norm, so that one that explodes does
  /// not shrink the others.
  static func perTensor(_ limit: Double, layout: ParameterLayout, chunk: Int) -> UnitClipper {
    let units = GradientUnits(layout.entries.map(\.range), count: layout.count, chunk: chunk)
    return UnitClipper(units, readsWeights: false) { _ in limit }
  }
}
