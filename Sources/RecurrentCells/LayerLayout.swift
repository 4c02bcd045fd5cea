import UnrollDenseMath
import UnrollOptimization

/// Where one layer's parameters lie.
struct LayerLayout: Sendable {
  let inputWeight, recurrentWeight, inputBias, recurrentBias: ParameterLayout.Entry
  /// The cell's extra parameters, which lie side by side.
  let extra: [ParameterLayout.Entry]
  let initialHidden, initialCell: ParameterLayout.Entry?
  /// The extra parameters' elements among all of the model's.
  let extraRange: Range<Int>
  private let extraPlaces: [CellParameterPlace]

  init(
    inputWeight: ParameterLayout.Entry, recurrentWeight: ParameterLayout.Entry,
    inputBias: ParameterLayout.Entry, recurrentBias: ParameterLayout.Entry,
    extra: [ParameterLayout.Entry], extraNames: [String], initialHidden: ParameterLayout.Entry?,
    initialCell: ParameterLayout.Entry?
  ) {
    self.inputWeight = inputWeight
    self.recurrentWeight = recurrentWeight
    self.inputBias = inputBias
    self.recurrentBias = recurrentBias
    self.extra = extra
    self.initialHidden = initialHidden
    self.initialCell = initialCell
    let start = extra.first?.range.lowerBound ?? 0
    extraRange = start..<(extra.last?.range.upperBound ?? start)
    extraPlaces = zip(extra, extraNames).map { entry, name in
      let columns = entry.shape.last ?? 1
      return CellParameterPlace(
        name: name, range: entry.offset - start..<entry.offset - start + entry.count,
        rows: entry.count / columns, columns: columns)
    }
  }

  /// The extra parameters among all `values` of a model [1, count].
  func extraParameters<Element>(in values: Matrix<Element>) -> CellParameters<Element> {
    extraParameters(from: values.slice(extraRange))
  }

  /// The extra parameters in a row of their own.
  func extraParameters<Element>(from values: Matrix<Element>) -> CellParameters<Element> {
    CellParameters(values: values, places: extraPlaces)
  }
}
