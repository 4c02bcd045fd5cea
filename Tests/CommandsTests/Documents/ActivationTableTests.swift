import Testing
import UnrollDenseMath
import UnrollOptimization
import UnrollText

/// The table of activations in the article Training against the tables in the code.
struct ActivationTableTests {
  @Test func theArticleHasARowForEachActivation() throws {
    let text = try Document("Sources/UnrollKit/UnrollKit.docc/Training.md").text
    for form in Activation.forms {
      let row = try row(of: form)
      #expect(text.contains(row), "\(row)")
    }
  }

  private func row(of form: SettingForm<Activation>) throws -> String {
    let shape = try Activation(parsing: form.name).shape
    let saturates =
      switch shape.saturates {
      case (true, true): "both"
      case (true, false): "left"
      case (false, true): "right"
      case (false, false): "no"
      }
    let cells = [
      "`\(form.text)`", form.formula.replacing("|", with: "\\|"), shape.family.rawValue,
      "\(text(shape.range.lower)) to \(text(shape.range.upper))", text(shape.largestDerivative),
      shape.isZeroCentered ? "yes" : "no", saturates,
    ]
    return "\n| " + cells.joined(separator: " | ") + " |\n"
  }

  /// With three decimals, or four below 1, without zeros at the end.
  private func text(_ number: Double) -> String {
    let sign = number < 0 ? "−" : ""
    if number.isInfinite { return sign + "∞" }
    let scale = number.magnitude < 1 ? 10_000.0 : 1_000
    return sign + ((number.magnitude * scale).rounded() / scale).plainText
  }
}
