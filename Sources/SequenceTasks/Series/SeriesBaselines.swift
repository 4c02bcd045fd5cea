/// What simple forecasters reach one step ahead on the held-out end of a series, each forecast from
/// the observed values before it: mean squared errors in the series' own units squared.
public struct SeriesBaselines: Sendable, Equatable {
  /// x̂_t = x_{t−1}.
  public let persistence: Double
  /// ``AR2Model``, fitted on the training part.
  public let ar2: Double
  /// The model behind ``ar2``.
  public let ar2Model: AR2Model

  /// - Parameter isTarget: whether each value counts; nil where all do.
  /// - Precondition: at least 3 values before `firstHeldOut`, and one that counts from there on.
  public init(_ values: [Double], firstHeldOut: Int, isTarget: [Bool]? = nil) {
    let model = AR2Model(
      fitting: values[..<firstHeldOut], isKnown: isTarget.map { $0[..<firstHeldOut] })
    let heldOut = (firstHeldOut..<values.count).filter { isTarget?[$0] ?? true }
    ar2Model = model
    persistence = Self.meanSquare(heldOut.map { values[$0] - values[$0 - 1] })
    ar2 = Self.meanSquare(
      heldOut.map { values[$0] - model.prediction(after: values[$0 - 1], values[$0 - 2]) })
  }

  private static func meanSquare(_ errors: [Double]) -> Double {
    errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)
  }
}
