import Testing
import UnrollText

struct ZeroPaddingTests {
  @Test(arguments: [(0, 2, "00"), (7, 1, "7"), (7, 4, "0007"), (2026, 4, "2026"), (123, 2, "123")])
  func decimal(number: Int, width: Int, text: String) {
    #expect(number.zeroPadded(to: width) == text)
  }

  @Test func hexadecimal() {
    #expect(UInt8(10).zeroPadded(to: 2, radix: 16) == "0a")
    #expect(UInt64.max.zeroPadded(to: 16, radix: 16) == "ffffffffffffffff")
    #expect(UInt64(1).zeroPadded(to: 16, radix: 16) == "0000000000000001")
  }
}
