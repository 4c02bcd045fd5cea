import Testing
import UnrollFileFormats
import UnrollSequenceTasks

struct SeriesScalingTests {
  @Test func scalesToMeanZeroAndDeviationOne() throws {
    let scaling = try #require(SeriesScaling([2, 4, 4, 4, 5, 5, 7, 9]))
    #expect(scaling.mean == 5 && scaling.deviation == 2)
    #expect(scaling.scaled(9) == 2 && scaling.unscaled(2) == 9)
    #expect(scaling.unscaled(loss: 0.5) == 2)
  }

  @Test func aConstantSeriesBecomesZero() throws {
    let scaling = try #require(SeriesScaling(ArraySlice(repeating: 0.1, count: 7)))
    #expect(scaling.mean == 0.1 && scaling.deviation == 1 && scaling.scaled(0.1) == 0)
  }

  @Test func refusesWhatHasNoFiniteSpread() {
    #expect(SeriesScaling([]) == nil)
    #expect(SeriesScaling([1e308, 1e308, 1e307]) == nil)
    #expect(SeriesScaling([1e200, -1e200]) == nil)
    // The variances are 1e-306, and below the least normal number, 2.2e-308.
    #expect(SeriesScaling([1e-153, -1e-153])?.deviation.isNormal == true)
    #expect(SeriesScaling([1e-154, -1e-154]) == nil)
    #expect(SeriesScaling([1e-170, -1e-170]) == nil)
    #expect(SeriesScaling([0, .leastNonzeroMagnitude]) == nil)
  }

  @Test(arguments: [[1.0, 2.0, 4.5], [0.1, 0.2], [1e-300, 5e299]])
  func readsBackWhatItWrites(values: [Double]) throws {
    guard let scaling = SeriesScaling(values[...]) else { return }
    #expect(try SeriesScaling(decoding: scaling.encoded) == scaling)
  }

  @Test(arguments: [
    "", "5 2", "[5, 2]", #"{"mean": 5}"#, #"{"mean": 5, "deviation": 0}"#,
    #"{"mean": 5, "deviation": -1}"#, #"{"mean": "5", "deviation": 2}"#,
    #"{"mean": 5, "deviation": 2, "median": 3}"#, #"{"mean": null, "deviation": 2}"#,
    #"{"mean": 1e999, "deviation": 2}"#, #"{"mean": 5, "deviation": 2} "x""#,
  ])
  func refusesWhatItDidNotWrite(text: String) {
    #expect(throws: FileProblem.self) { try SeriesScaling(decoding: text) }
  }
}
