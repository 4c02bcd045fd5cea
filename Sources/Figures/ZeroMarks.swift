/// The zeros of a curve on a logarithmic axis, which has no place for them: triangles at the foot of the
/// plot, at both ends of each stretch of zeros.
struct ZeroMarks {
  /// A row for each triangle: its place on the horizontal and on the vertical axis.
  let block: DataBlock

  /// nil where no value is 0.
  ///
  /// - Parameters:
  ///   - curve: the name of the curve's own block.
  ///   - places: on the horizontal axis, one for each of the values.
  ///   - foot: the lower end of the vertical axis.
  init?(curve: String, _ values: [Double], at places: [Double], foot: Double) {
    let ends = values.indices.filter { index in
      func isZero(_ index: Int) -> Bool { values.indices.contains(index) && values[index] == 0 }
      return isZero(index) && !(isZero(index - 1) && isZero(index + 1))
        && places[index].isFinite
    }
    guard !ends.isEmpty else { return nil }
    block = DataBlock(
      name: curve + "_zeros", columns: "x foot", rows: ends.map { [places[$0], foot] })
  }

  /// What draws a triangle at each point of `source`.
  static func plot(_ source: String, color: String) -> String {
    "\(source) with points pt 10 ps 1.2 lc rgb '\(color)'"
  }
}

extension Drawing {
  /// Adds the marks of a curve's zeros, and returns what draws them; nil where it has none.
  ///
  /// - Parameters:
  ///   - curve: the name of the curve's own block.
  ///   - places: on the horizontal axis, one for each of the values.
  ///   - foot: the lower end of the vertical axis.
  mutating func addZeros(
    _ curve: String, _ values: [Double], at places: [Double], foot: Double, color: String
  ) -> String? {
    guard let zeros = ZeroMarks(curve: curve, values, at: places, foot: foot) else { return nil }
    data.append(zeros.block)
    return ZeroMarks.plot(zeros.block.source("1:2"), color: color)
  }
}
