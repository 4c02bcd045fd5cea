extension UnitClipper {
  /// `agc:λ`, adaptive gradient clipping (Brock, De, Smith & Simonyan 2021, *High-performance
  /// large-scale image recognition without normalization*): a unit's gradient G_i is scaled to
  /// λ·max(‖W_i‖, ε) where its norm is above that, ε = 10⁻³.
  ///
  /// Units are as in the paper's code: each row of a weight matrix, which holds the weights into one
  /// unit (of one gate), and each vector as a whole: a bias, a learned initial state, a slope; a
  /// matrix of one column counts as a vector. The readout, the last matrix and what stands behind
  /// it, is left alone, as the paper leaves out the final linear layer.
  static func adaptive(_ share: Double, layout: ParameterLayout, chunk: Int) -> UnitClipper {
    let readout = layout.entries.lastIndex { $0.shape.count == 2 } ?? layout.entries.count
    let units = layout.entries.prefix(readout).flatMap { entry -> [Range<Int>] in
      let columns = entry.shape.last ?? 1
      guard entry.shape.count == 2, columns > 1 else { return [entry.range] }
      return stride(from: entry.offset, to: entry.range.upperBound, by: columns)
        .map { $0..<$0 + columns }
    }
    return UnitClipper(
      GradientUnits(units, count: layout.count, chunk: chunk), readsWeights: true
    ) { weightNorm in share * max(weightNorm, 1e-3) }
  }
}
