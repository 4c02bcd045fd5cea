/// What simple forecasters reach one step ahead on a part of a series, each forecast from the observed
/// values before it: mean squared errors in the series' own units squared.
public struct SeriesBaselines: Sendable, Equatable {
  /// x̂_t = x_{t−1}.
  public let persistence: Double
  /// ``AR2Model``, fitted on the training part. For the second value of a series, the first stands for
  /// the one before it too.
  public let ar2: Double
  /// The model behind ``ar2``.
  public let ar2Model: AR2Model

  /// The errors on the values at `part`.
  ///
  /// - Parameters:
  ///   - model: fitted on the training part.
  ///   - isTarget: whether each value is measured; nil where all are.
  /// - Precondition: a part after the first value, of which one counts.
  public init(
    _ values: [Double], ar2 model: AR2Model, part: Range<Int>, isTarget: [Bool]? = nil
  ) {
    let part = part.filter { isTarget?[$0] ?? true }
    ar2Model = model
    persistence = Self.meanSquare(part.map { values[$0] - values[$0 - 1] })
    ar2 = Self.meanSquare(
      part.map { values[$0] - model.prediction(after: values[$0 - 1], values[max($0 - 2, 0)]) })
  }

  private static func meanSquare(_ errors: [Double]) -> Double {
    errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)
  }
}
