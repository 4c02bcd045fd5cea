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

  /// Each activation saturates on both sides, on one, or on none, and the lesson says on which.
  @Test func everyActivationIsInOneListOfSaturation() throws {
    let numbers = try Lesson.activations.report(
      LessonSettings(seeds: 1, values: ["layers": [2], "width": [2]])
    ).result.numbers
    let listed = ["both", "left", "right", "neither"].flatMap { key -> [LessonValue] in
      guard case .list(let names)? = numbers[key] else { return [] }
      return names
    }
    let names = try Activation.forms.map { try Activation(parsing: $0.name).description }
    #expect(listed.map { $0.text(in: .english) }.sorted() == names.sorted())
    let words = LessonLanguage.english.texts.text("activations", "finding") ?? ""
    for list in ["both", "left", "right", "neither"] { #expect(words.contains("{\(list)}")) }
  }

  /// z lies evenly around 0, so softplus's f′ = σ(z) is ½ on average, and √E[f′²] is between ½ and √½.
  @Test(arguments: [2, 5, 30])
  func softplusPassesBetweenAHalfAndItsRoot(layers: Int) {
    let factor = ShownActivation(.softplus(beta: 1)).factor(layers: layers)
    #expect(factor > 0.5 && factor < 0.5.squareRoot())
  }

  /// With two pieces of variance 1/n the larger one has a mean square of 1, and so has its derivative.
  @Test func maxoutPassesTheWholeGradient() throws {
    let report = try Lesson.activations.report(LessonSettings(seeds: 3, values: ["layers": [10]]))
    guard case .number(let factor) = report.result.numbers["maxout"] else {
      Issue.record("no number")
      return
    }
    #expect(abs(factor - 1) < 0.05)
  }

  /// f stands behind f′ in its color, under a name of its own.
  @Test func bothTheFunctionAndItsDerivativeAreDrawn() throws {
    let report = try Lesson.activations.report(
      LessonSettings(seeds: 1, values: ["layers": [2], "width": [2]]))
    for (place, names) in [ShownActivation.bounded, ShownActivation.rectified].enumerated() {
      let lines = report.result.panels[place].lines
      #expect(Set(lines.map(\.name)) == Set(names + names.map { "f \($0)" }))
      let drawn = report.figure.panels[place].lines
      #expect(Set(drawn.map(\.label)) == Set(names) && drawn.count == 2 * names.count)
      #expect(drawn.contains { $0.name == "f of \(names[0])" && $0.mark == .faint })
    }
    let relu = report.result.panels[1].lines.first { $0.name == "f relu" }
    #expect(relu?.points.allSatisfy { $0.y == max(0, $0.x) } == true)
    #expect((relu?.points.map(\.y).max() ?? 0) > 1.9)
  }

  @Test(arguments: [["layers": [2.0], "width": [2]], ["layers": [200], "width": [2]]])
  func theEndsDoNotTrap(_ values: [String: [Double]]) throws {
    let report = try Lesson.activations.report(LessonSettings(seeds: 1, values: values))
    #expect(!report.text.contains("{"))
  }
}
