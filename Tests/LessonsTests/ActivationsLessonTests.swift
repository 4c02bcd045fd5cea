import Foundation
import Testing
import UnrollDenseMath
import UnrollOptimization

@testable import UnrollLessons

struct ActivationsLessonTests {
  @Test func itsPredictionsHold() throws {
    let report = try Lesson.activations.report(LessonSettings(seeds: 3))
    #expect(report.result.checks.count == 2 + Activation.forms.count)
    for check in report.result.checks { #expect(check.holds, "\(check)") }
  }

  /// √E[f′²] where it is known: all of it, half of its square, the same with a slope; and for the sigmoid
  /// at most ¼.
  @Test func factorsThatAreKnown() {
    func factor(_ activation: Activation) -> Double {
      ShownActivation(activation).factor(layers: 30)
    }
    #expect(abs(factor(.identity) - 1) < 1e-12)
    #expect(abs(factor(.relu) - 0.5.squareRoot()) < 1e-3)
    #expect(abs(factor(.prelu) - (0.5 * (1 + 0.0625)).squareRoot()) < 1e-3)
    #expect(factor(.sigmoid) < 0.25 && factor(.sigmoid) > 0.2)
    #expect(abs(ShownActivation(.relu).mean - 1 / (2 * Double.pi).squareRoot()) < 1e-6)
  }

  /// A derivative that is not that of the function would be seen.
  @Test func differencesAreSmallAwayFromKinks() {
    for activation in Activation.samples {
      #expect(ShownActivation(activation).difference < 1e-8, "\(activation)")
    }
  }

  /// Each name of the two lists is one of the table, and no line is drawn twice.
  @Test func whatIsDrawnIsInTheTable() throws {
    let names = try Activation.forms.map { try Activation(parsing: $0.name).description }
    let drawn = ShownActivation.bounded + ShownActivation.rectified
    #expect(Set(drawn).count == drawn.count && Set(drawn).isSubset(of: names))
  }

  @Test(arguments: [["layers": [2.0], "width": [2]], ["layers": [200], "width": [2]]])
  func theEndsDoNotTrap(_ values: [String: [Double]]) throws {
    let report = try Lesson.activations.report(LessonSettings(seeds: 1, values: values))
    #expect(!report.text.contains("{"))
  }
}
