import Testing
import UnrollText

@testable import UnrollFigures

@Suite struct NumberTextTests {
  @Test(arguments: [(0.583, "0.583"), (1.5, "1.500"), (1e-5, "1e-05"), (1234.5, "1.23e+03")])
  func rates(value: Double, expected: String) { #expect(NumberText.shortRate(value) == expected) }

  @Test(arguments: [
    (1.285, "1.3"), (99.96, "100.0"), (512.4, "512"), (0.01, "0.01"), (2e9, "2e+09"),
  ])
  func steps(value: Double, expected: String) { #expect(NumberText.steps(value) == expected) }

  @Test(arguments: [
    (0, "0"), (999, "999"), (5250, "5,250"), (123_456, "123,456"), (1_234_567, "1,234,567"),
  ])
  func counts(value: Double, expected: String) { #expect(NumberText.count(value) == expected) }

  @Test(arguments: [
    (1, "1"), (-3, "-3"), (0.1, "0.1"), (.leastNonzeroMagnitude, "5e-324"), (.nan, "NaN"),
    (.infinity, "NaN"),
  ])
  func data(value: Double, expected: String) { #expect(NumberText.data(value) == expected) }
}
