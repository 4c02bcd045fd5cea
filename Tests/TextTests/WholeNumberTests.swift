import Testing

@testable import UnrollText

struct WholeNumberTests {
  @Test(arguments: [
    ("0", 0), ("1000", 1_000), ("-7", -7), ("+7", 7), ("1e3", 1_000), ("1E3", 1_000),
    ("1e+3", 1_000), ("1_000", 1_000), ("1_000_000", 1_000_000), ("2.5e3", 2_500),
    ("1.50e1", 15), ("-2e2", -200), ("10e-1", 1), ("1_0e2", 1_000), ("0e9", 0), ("1.e2", 100),
    ("9223372036854775807", Int.max), ("9.223372036854775807e18", Int.max),
    ("-9223372036854775808", Int.min),
  ])
  func wholeNumbersAreRead(text: String, number: Int) {
    #expect(Int(written: text) == number)
  }

  /// Also numbers that a Double would round to a whole one.
  @Test(arguments: [
    "", "-", "e3", "1e", ".5e1", "1.5", "1.0", "1.5e0", "1.25e1", "15e-1", "1,000", "1 000", "1__0",
    "_1", "1_", "1_e3", "1e_3", "1e3.0", "1e3e2", "1.2.3e5", "0x10", "1e19", "9223372036854775808",
    "9.2233720368547758071e18", "1e99999999999999999999", "inf", "nan", "١٢", "1e١", " 1", "1e3x",
  ])
  func othersAreNot(text: String) {
    #expect(Int(written: text) == nil)
  }
}
