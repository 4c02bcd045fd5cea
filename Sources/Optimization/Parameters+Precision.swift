import UnrollDenseMath

extension Parameters<Double> {
  /// The same parameters, rounded to `type`.
  package func converted<Other: Scalar>(to type: Other.Type) -> Parameters<Other> {
    let result = Parameters<Other>(layout)
    result.values.assign(rounding: values)
    return result
  }

  /// The same parameters with the digits that Float32 has.
  package var roundedToFloat: Parameters<Double> {
    let result = copy()
    result.values.roundToFloat()
    return result
  }
}

extension Matrix<Double> {
  /// The same numbers, rounded to `type`.
  package func converted<Other: Scalar>(to type: Other.Type) -> Matrix<Other> {
    let result = Matrix<Other>(rows: rows, columns: columns)
    result.assign(rounding: self)
    return result
  }

  /// The same numbers with the digits that Float32 has.
  package var roundedToFloat: Matrix<Double> {
    let result = copy()
    result.roundToFloat()
    return result
  }

  /// Leaves every element the digits that Float32 has.
  package func roundToFloat() { assign(converted(to: Float.self).values) }
}
