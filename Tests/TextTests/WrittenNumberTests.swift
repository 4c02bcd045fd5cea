import Testing

@testable import UnrollText

struct WrittenNumberTests {
  @Test(arguments: [
    ("0.1", 0.1), ("1e-3", 1e-3), (".5", 0.5), ("5.", 5), ("-0", -0.0), ("0e5", 0), ("+2", 2),
    ("5e-324", Double.leastNonzeroMagnitude), ("inf", .infinity),
  ])
  func decimalNumbersAreRead(text: String, number: Double) {
    #expect(Double.written(text) == number)
  }

  /// What would become zero, and what is read in no other program's options.
  @Test(arguments: [
    "1e-400", "0.000001e-400", "-1e-330", "0x1", "0x1p3", "1p3", "", "1,5", "1 000", "e5",
  ])
  func othersAreNot(text: String) { #expect(Double.written(text) == nil) }
}
