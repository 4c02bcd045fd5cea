extension Matrix {
  /// The plain form of `formProduct(_:_:transposing:adding:)`, kept as its tests'
  /// reference: three loops, each element summed in order in Float64.
  package func formProductByDefinition(
    _ a: Matrix, _ b: Matrix, transposing: Transposition = .none, adding: Bool = false
  ) {
    let inner = transposing == .left ? a.rows : a.columns
    for row in 0..<rows {
      for column in 0..<columns {
        var sum = adding ? Double(self[row, column]) : 0
        for k in 0..<inner {
          let left = transposing == .left ? a[k, row] : a[row, k]
          let right = transposing == .right ? b[column, k] : b[k, column]
          sum += Double(left) * Double(right)
        }
        self[row, column] = Element(sum)
      }
    }
  }
}
