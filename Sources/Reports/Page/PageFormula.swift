/// A formula of a page, and what it says.
struct PageFormula {
  /// In words, before the formula.
  let words: String
  private let formula: Formula

  private init(_ words: String, _ notation: String) {
    self.words = words
    formula = Formula(notation)
  }

  var html: String {
    "<p class=\"formula\">\(words) <math display=\"inline\">\(formula.mathML)</math></p>"
  }

  /// What a decay curve shows.
  static let decayCurve = PageFormula(
    "A curve is the mean over the batch of the gradient’s norm, k steps before the loss; that of c or of the state has these in place of h:",
    "g(k) = \\frac{1}{B} ∑_b ‖\\frac{∂ℓ_b}{∂h_{T−k}}‖")

  /// What a fit makes of it.
  static let decayFit = PageFormula(
    "The rate r is that of the straight line through its logarithm, and the half-life follows from it:",
    "ln\\, g(k) ≈ a + k\\, ln\\, r, \\quad k_½ = −\\frac{ln\\, 2}{ln\\, r}")

  /// The norm that training records.
  static let globalNorm = PageFormula(
    "The gradient norm is that of all parameters together, before clipping:",
    "‖g‖ = \\sqrt{∑_i g_i^2}")

  /// Clipping by the norm.
  static let clipping = PageFormula(
    "The rule norm:τ shortens a gradient that is longer than τ, and keeps its direction:",
    "g ← g · min(1, \\frac{τ}{‖g‖})")

  /// The gradient through the layers.
  static let layers = PageFormula(
    "Through the layers i of a feed-forward network it is the norm of the loss’s gradient by their outputs:",
    "‖\\frac{∂ℓ}{∂h_i}‖")
}
