import Testing
import UnrollText

struct NumberTextTests {
  @Test(arguments: [
    (0.0, "0.000"), (0.012345, "0.01235"), (0.99999, "1.000"), (0.9999999999999999, "1.000"),
    (0.9999, "0.9999"), (99.996, "100.0"), (1, "1.000"), (12.345, "12.35"),
    (123.44, "123.4"), (999.94, "999.9"), (999.96, "1,000"), (1_234.5, "1,235"),
    (65_536, "65,536"), (-0.5, "-0.5000"), (1_234_567, "1.235e+06"), (0.00001234, "1.234e-05"),
    (0.0001, "0.0001000"), (.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf"),
    (.greatestFiniteMagnitude, "1.798e+308"), (.leastNonzeroMagnitude, "4.941e-324"),
  ])
  func fourDigits(x: Double, text: String) {
    #expect(NumberText.significant(x) == text)
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1_000, "1,000"), (-65_536, "-65,536"), (1_000_000, "1,000,000"),
    (Int.min, "-9,223,372,036,854,775,808"),
  ])
  func counts(n: Int, text: String) {
    #expect(NumberText.count(n) == text)
  }

  @Test(arguments: [
    (0.0, "0.00s"), (0.42, "0.42s"), (0.999, "1.0s"), (4.21, "4.2s"), (9.96, "10s"), (59.4, "59s"),
    (59.6, "1m 00s"), (63, "1m 03s"), (3_599.6, "1h 00m"), (7_500, "2h 05m"),
    (273_600, "3d 04h"), (-1, "-"), (.nan, "-"), (.infinity, "-"), (1e300, "-"),
  ])
  func durations(seconds: Double, text: String) {
    #expect(NumberText.duration(seconds) == text)
  }

  @Test func sharesAndSpeeds() {
    #expect(
      [0, 0.003, 0.0096, 0.12, 0.998, 1].map(NumberText.percent) == [
        "0%", "0.3%", "1%", "12%", "99.8%", "100%",
      ])
    // Not none and not all, however near.
    #expect(
      [0.0004, 0.0006, 0.9994, 0.9995, 0.9996, 1.03].map(NumberText.percent) == [
        "<0.1%", "0.1%", "99.9%", ">99.9%", ">99.9%", "103%",
      ])
    // Whether 99% was reached shows.
    #expect(NumberText.percent(0.986) == "98.6%")
    #expect(NumberText.percent(.nan) == "-")
    #expect(
      [0.1234, 4.567, 78.94, 629.4, 12_345].map(NumberText.speed)
        == ["0.123", "4.57", "78.9", "629", "12,345"])
    #expect([.nan, -1, .infinity, 1e300].map(NumberText.speed) == ["-", "-", "-", "-"])
  }
}
