import Testing
import UnrollSequenceTasks

struct AR2ModelTests {
  /// A series without noise obeys its own model: recovered but for rounding, which the condition
  /// of the normal equations (below 100 here) raises to at most 1e-12.
  @Test func recoversItsOwnSeries() {
    var values = [3.0, -1.0]
    for index in 2..<60 { values.append(2 + 1.6 * values[index - 1] - 0.9 * values[index - 2]) }
    let model = AR2Model(fitting: values[...])
    #expect(abs(model.intercept - 2) < 1e-10)
    #expect(abs(model.coefficients.first - 1.6) < 1e-12)
    #expect(abs(model.coefficients.second + 0.9) < 1e-12)
    #expect(abs(model.prediction(after: 10, 20) - (2 + 16 - 18)) < 1e-10)
  }

  /// Only triples of known values are fitted, so what stands in for the others does not matter.
  @Test func passesOverWhatIsNotKnown() {
    var values = [3.0, -1.0]
    for index in 2..<60 { values.append(2 + 1.6 * values[index - 1] - 0.9 * values[index - 2]) }
    var isKnown = [Bool](repeating: true, count: 60)
    for index in [7, 8, 30] { (values[index], isKnown[index]) = (1e3, false) }
    let model = AR2Model(fitting: values[...], isKnown: isKnown[...])
    #expect(abs(model.coefficients.first - 1.6) < 1e-12)
    #expect(abs(model.coefficients.second + 0.9) < 1e-12)
  }

  @Test func leavesOutWhatTheValuesDoNotTell() {
    let constant = AR2Model(fitting: ArraySlice(repeating: 7.3, count: 9))
    #expect(constant.coefficients == (0, 0) && abs(constant.intercept - 7.3) < 1e-14)
    let line = AR2Model(fitting: (0..<9).map { 5 + 3 * Double($0) }[...])
    #expect(line.coefficients == (1, 0) && abs(line.intercept - 3) < 1e-12)
    let three = AR2Model(fitting: [1, 2, 4])
    #expect(three.prediction(after: 2, 1) == 4)
  }
}
