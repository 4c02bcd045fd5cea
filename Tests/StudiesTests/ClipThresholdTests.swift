import Testing
import UnrollOptimization

@testable import UnrollStudies

struct ClipThresholdTests {
  @Test(arguments: [
    ("2x", "norm:2x"), ("norm:2x", "norm:2x"), ("0.5x", "norm:0.5x"), ("1e-3x", "norm:0.001x"),
    ("none", "none"), ("3", "norm:3"), ("auto:10", "auto:10"),
  ])
  func textsAreReadAndWrittenBack(text: String, written: String) throws {
    let threshold = try ClipThreshold(text)
    #expect(threshold.description == written)
    #expect(try ClipThreshold(written) == threshold)
    #expect(threshold.needsMeanNorm == written.hasSuffix("x"))
  }

  @Test(arguments: [
    "x", "0x", "-1x", "nanx", "infx", "value:2x", "auto:2x", "norm:x", "2xx", "2 x",
  ])
  func otherTextsAreRefused(text: String) {
    #expect(
      throws: InvalidSetting(value: text, accepted: "a positive number with x: 2x or norm:2x")
    ) { try ClipThreshold(text) }
  }

  /// A rule's number is refused by the rule; a text without a rule by the list of all forms.
  @Test(arguments: [("auto:101", "auto:p with 0 ≤ p ≤ 100"), ("max:1", ClipThreshold.accepted)])
  func whatIsWrongIsSaid(text: String, accepted: String) {
    #expect(throws: InvalidSetting(value: text, accepted: accepted)) { try ClipThreshold(text) }
  }

  @Test func meanNormsAreMultiplied() {
    #expect(ClipThreshold.rule(.value(1)).rule(meanNorm: 7) == .value(1))
    #expect(ClipThreshold.meanNorms(0.5).rule(meanNorm: 3) == .norm(1.5))
    #expect(ClipThreshold.meanNorms(2).rule(meanNorm: nil) == .none)
    #expect(ClipThreshold.meanNorms(2).rule(meanNorm: 0) == .none)
    // Neither 0 nor infinite, whatever is multiplied.
    #expect(ClipThreshold.meanNorms(1e-300).rule(meanNorm: 1e-300).threshold ?? 0 > 0)
    #expect(ClipThreshold.meanNorms(1e300).rule(meanNorm: 1e300).threshold?.isFinite == true)
  }
}
