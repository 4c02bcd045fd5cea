import Testing

@testable import UnrollReports

struct FormulaTests {
  @Test(arguments: [
    ("\\frac{∂L}{∂h_1} = (ŷ − y) ∏_{i=2}^4 σ′(z_i) w_i", "∂L/∂h₁ = (ŷ − y) ∏ᵢ₌₂⁴ σ′(zᵢ) wᵢ"),
    ("h_L = s^L x", "h_L = sᴸ x"), ("\\sqrt{a + b} ≤ \\frac{1}{4}", "√(a + b) ≤ 1/4"),
    ("g(k) = \\frac{a}{b + c}", "g(k) = a/(b + c)"), ("a,\\quad b", "a,    b"), ("x^{T−k}", "xᵀ⁻ᵏ"),
    ("\\frac{‖a − b‖}{‖a‖ + ‖b‖}", "‖a − b‖/(‖a‖ + ‖b‖)"),
    ("float16: \\quad |x| ≤ 2^{−25} → 0", "float16:   |x| ≤ 2⁻²⁵ → 0"),
    ("z ∼ N(0, 1)", "z ∼ N(0, 1)"),
    ("", ""), ("_a^b", ""), ("\\frac{a", "a/"), ("}", ""),
  ])
  func oneLineOfText(notation: String, text: String) {
    #expect(Formula(notation).text == text)
  }

  @Test func mathMLHasLimitsUnderSumsAndIndicesBesideNames() {
    #expect(
      Formula("∑_i a_i^2").mathML
        == "<mrow><munder><mo>∑</mo><mi>i</mi></munder>"
        + "<msubsup><mi>a</mi><mi>i</mi><mn>2</mn></msubsup></mrow>")
    #expect(
      Formula("\\frac{a}{\\sqrt{2}} < (b)").mathML
        == "<mrow><mfrac><mi>a</mi><msqrt><mn>2</mn></msqrt></mfrac><mo>&lt;</mo>"
        + "<mo stretchy=\"false\">(</mo><mi>b</mi><mo stretchy=\"false\">)</mo></mrow>")
  }
}
