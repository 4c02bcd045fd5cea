import Testing
import UnrollOptimization

@testable import UnrollStudies

struct NetworkLinkTests {
  @Test(arguments: [
    ("10Gbit/s", 1.25e9), ("10Gbit", 1.25e9), ("10Gb/s", 1.25e9), ("10Gbps", 1.25e9),
    ("1.25GB/s", 1.25e9), ("1.25GB", 1.25e9), ("800kbit/s", 1e5), ("0.1Tbit/s", 1.25e10),
  ])
  func ratesAreInBitsOrBytes(_ text: String, bytes: Double) throws {
    // One rounding in the unit and one in the product.
    #expect(abs(try Bandwidth(text).bytesPerSecond / bytes - 1) < 1e-15)
  }

  /// Without a unit, or with a prefix that is not one, bits and bytes cannot be told apart.
  @Test(arguments: [
    "", "10", "10G", "Gbit/s", "0Gbit/s", "-1GB/s", "10gb/s", "10 Gbit/s", "1e3Mbit/s", "1..5GB/s",
    "nanGB", "10Gbit/m",
  ])
  func otherRatesAreRefused(_ text: String) {
    #expect(throws: InvalidSetting(value: text, accepted: Bandwidth.accepted)) {
      try Bandwidth(text)
    }
  }

  @Test(arguments: [
    ("50us", 50e-6), ("50\u{B5}s", 50e-6), ("50\u{3BC}s", 50e-6), ("1.5ms", 1.5e-3),
    ("900ns", 9e-7), ("0s", 0), ("2s", 2),
  ])
  func timesHaveUnits(_ text: String, seconds: Double) throws {
    #expect(abs(try Latency(text).seconds - seconds) <= seconds * 1e-15)
  }

  @Test(arguments: ["", "50", "us", "-1us", "1m", "50 us", "infs"])
  func otherTimesAreRefused(_ text: String) {
    #expect(throws: InvalidSetting(value: text, accepted: Latency.accepted)) { try Latency(text) }
  }

  @Test func aMessageTakesLatencyAndItsBytes() {
    #expect(NetworkLink(latency: 0.5, bandwidth: 4).seconds(10) == 3)
  }
}
