import Foundation
import Testing
import UnrollDenseMath
import UnrollFeedForward
import UnrollGradientFlow
import UnrollOptimization

@testable import UnrollLessons
@testable import UnrollStudies

struct PowersLessonTests {
  /// Products of 1.5 and 0.5 are exact in Float64 up to 3³³ < 2⁵³.
  @Test(arguments: [1.5, 0.5])
  func powersAreExact(scale: Double) {
    let width = 4
    let stack = FeedForwardNetwork(
      FeedForwardSpecification(.identity, .identity(scale)), inputs: width, width: width, depth: 20)
    let parameters = stack.initialParameters(seed: 1)
    let pass = FeedForwardPass<Double>(stack, rows: 1)
    pass.forward(parameters, Matrix(rows: 1, columns: width, [1, 2, -3, 4]))
    #expect(pass.outputs.values == [1, 2, -3, 4].map { $0 * pow(scale, 20) })
    _ = pass.loss(.cotangents(Matrix(rows: 1, columns: width, [1, -1, 2, 0])))
    pass.backward(parameters, into: Parameters(stack.layout))
    #expect(pass.hiddenGradient(1).values == [1, -1, 2, 0].map { $0 * pow(scale, 19) })
  }

  @Test(arguments: [
    [:], ["layers": [2]], ["layers": [1000]], ["factors": [1]],
    ["factors": [0.1, 0.3, 1.1, 2, 10]],
    ["factors": [1e6, 1e-6]],
  ])
  func everyPredictionHolds(values: [String: [Double]]) throws {
    let report = try Lesson.powers.report(LessonSettings(values: values))
    for check in report.result.checks {
      #expect(check.holds || !check.predicted.isNormal, "\(check)")
    }
  }

  /// The notes' example stands by itself where it is not among the factors, and a mark that is missing is
  /// explained.
  @Test func whatIsFoundFollowsFromTheFactors() throws {
    func findings(_ values: [String: [Double]]) throws -> [String] {
      try Lesson.powers.report(LessonSettings(values: values)).result.findings
    }
    #expect(try findings([:]) == ["finding"])
    #expect(try findings(["factors": [2, 0.5]]) == ["finding", "finding fifteen"])
    #expect(
      try findings(["factors": [0.9, 1.5]]) == ["finding", "finding endless"])
    let report = try Lesson.powers.report(LessonSettings(values: ["factors": [0.9, 1, 1.1]]))
    #expect(report.text.contains("For s = 0.9 and 1 the second panel"))
  }

  /// The greatest finite numbers are just under 2¹⁶, 2¹²⁸, 2¹²⁸, 2¹⁰²⁴; a half of the least subnormal
  /// (2⁻²⁴, 2⁻¹³³, 2⁻¹⁴⁹, 2⁻¹⁰⁷⁴) rounds to 0. Each product of 1.5 is rounded, which costs bfloat16's 8
  /// bits one layer.
  @Test func formatsEndWhereTheirExponentsDo() {
    let vanish = NumberFormat.kept.map { $0.depth(of: 0.5) }
    #expect(vanish == [25, 134, 150, 1075])
    let exponents = [16.0, 128, 128, 1024]
    for (format, exponent) in zip(NumberFormat.kept, exponents) {
      let exact = Int((exponent / log2(1.5)).rounded(.up))
      #expect((exact...exact + 1).contains(format.depth(of: 1.5) ?? 0), "\(format)")
    }
    // The stack itself, in Float32.
    let stack = FeedForwardNetwork(
      FeedForwardSpecification(.identity, .identity(1.5)), inputs: 1, width: 1, depth: 219)
    let parameters = Parameters<Float>(stack.layout)
    parameters.values.assign(rounding: stack.initialParameters(seed: 1).values)
    let pass = FeedForwardPass<Float>(stack, rows: 1)
    pass.forward(parameters, Matrix(rows: 1, columns: 1, [1]))
    #expect(pass.hidden(218)[0, 0].isFinite && pass.hidden(219)[0, 0] == .infinity)
  }

  /// Rounding keeps 0.7 of the smallest number at that number, and 1 stays 1.
  @Test(arguments: [1, 0.7])
  func someProductsNeverEnd(factor: Double) {
    #expect(NumberFormat.float16.depth(of: factor) == nil)
  }
}
