import Foundation
import Testing
import UnrollDenseMath

@testable import UnrollGradientFlow

@Suite struct NumberFormatTests {
  /// Against the hardware's own conversions, and for bfloat16 against its definition as the upper
  /// half of a float32, rounded to even by integers.
  @Test func roundsAsTheFormatsThemselvesDo() {
    var random = RandomNumbers(seed: 1)
    let edges: [Double] = [
      0, 65504, 65519.999, 65520, 65536, 0x1p-14, 0x1.ffcp-15, 0x1.ffep-15, 0x1p-24, 0x1p-25,
      0x1.00001p-25, 0x1p-126, 0x1.fffffep-127, 0x1p-149, 0x1p-150, 0x1.8p-133, 0x1p-134,
      0x1.fffffep127, 0x1.ffffffp127, 0x1.fep127, 0x1.ffp127, 1e300, .leastNonzeroMagnitude,
      .infinity,
    ]
    let numbers =
      edges
      + (0..<20_000).map { index in
        let range = [30.0, 300, 45][index % 3]
        return exp(random.uniform() * range - range * 0.7)
      }
    for value in numbers.flatMap({ [$0, -$0] }) {
      #if !(os(macOS) && arch(x86_64))
        #expect(NumberFormat.float16.rounded(value) == Double(Float16(value)), "\(value)")
      #endif
      #expect(NumberFormat.float32.rounded(value) == Double(Float(value)), "\(value)")
      // A float32 is exact here, so that rounding it again is rounding once.
      let single = Float(value)
      guard single.isFinite else { continue }
      let bits = single.bitPattern
      let upper = (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000
      #expect(
        NumberFormat.bfloat16.rounded(Double(single)) == Double(Float(bitPattern: upper)),
        "\(single)")
    }
  }

  @Test func limitsAreTheFormats() {
    #expect(NumberFormat.float32.leastNormal == Double(Float.leastNormalMagnitude))
    #expect(NumberFormat.float32.leastNonzero == Double(Float.leastNonzeroMagnitude))
    #expect(NumberFormat.float32.greatest == Double(Float.greatestFiniteMagnitude))
    #expect(NumberFormat.float16.greatest == 65504)
    #expect(NumberFormat.bfloat16.greatest == 0x1.fep127)
  }

  /// Halving from 1: after 15 steps below float16's 2^-14; below its last subnormal 2^-24 after 25,
  /// where 2^-25 ties to even, to zero.
  @Test func halvingRunsOutWhereExpected() {
    func curve(_ factor: Double) -> RangeCurve {
      RangeCurve(
        layer: 0, path: .hidden, largest: (0..<200).map { pow(factor, Double($0)) },
        subnormalShares: [])
    }
    let limits = NumberFormat.all.map(curve(0.5).limits)
    #expect(limits.map(\.belowNormal) == [15, 127, 127])
    #expect(limits.map(\.belowSubnormal) == [25, 134, 150])
    #expect(limits.allSatisfy { $0.overflow == nil })
    #expect(NumberFormat.all.map { curve(2).limits(of: $0).overflow } == [16, 128, 128])
  }
}
