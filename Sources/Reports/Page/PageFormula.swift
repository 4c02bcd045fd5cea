/// A formula of a page, in MathML, and what it says.
struct PageFormula {
  /// In words, before the formula.
  let words: String
  /// The content of a `math` element.
  private let content: String

  private init(_ words: String, _ content: String) {
    self.words = words
    self.content = content
  }

  var html: String {
    "<p class=\"formula\">\(words) <math display=\"inline\">\(content)</math></p>"
  }

  private static func i(_ name: String) -> String { "<mi>\(name)</mi>" }
  private static func o(_ sign: String) -> String {
    "()‖".contains(sign) ? "<mo stretchy=\"false\">\(sign)</mo>" : "<mo>\(sign)</mo>"
  }
  private static let thin = "<mspace width=\"0.17em\"/>"
  private static func n(_ number: String) -> String { "<mn>\(number)</mn>" }
  private static func row(_ parts: String...) -> String { "<mrow>\(parts.joined())</mrow>" }
  private static func sub(_ base: String, _ index: String) -> String {
    "<msub>\(base)\(index)</msub>"
  }
  private static func fraction(_ above: String, _ below: String) -> String {
    "<mfrac>\(above)\(below)</mfrac>"
  }
  private static func norm(_ inside: String) -> String { row(o("‖"), inside, o("‖")) }
  private static func partial(_ of: String, _ by: String) -> String {
    fraction(row(o("∂"), of), row(o("∂"), by))
  }

  /// What a decay curve shows.
  static let decayCurve = PageFormula(
    "A curve is the mean over the batch of the gradient’s norm, k steps before the loss:",
    row(
      i("g"), o("("), i("k"), o(")"), o("="), fraction(n("1"), i("B")),
      "<munder>\(o("∑"))\(i("b"))</munder>",
      norm(
        partial(sub(i("ℓ"), i("b")), sub(i("h"), row(i("T"), o("−"), i("k")))))))

  /// What a fit makes of it.
  static let decayFit = PageFormula(
    "The rate r is that of the straight line through its logarithm, and the half-life follows from it:",
    row(
      i("ln"), thin, i("g"), o("("), i("k"), o(")"), o("≈"), i("a"), o("+"), i("k"), thin,
      i("ln"), thin, i("r"), o(","), "<mspace width=\"1em\"/>",
      sub(i("k"), n("½")), o("="), o("−"),
      fraction(row(i("ln"), thin, n("2")), row(i("ln"), thin, i("r")))))

  /// The norm that training records.
  static let globalNorm = PageFormula(
    "The gradient norm is that of all parameters together, before clipping:",
    row(
      norm(i("g")), o("="),
      "<msqrt>\(row("<munder>\(o("∑"))\(i("i"))</munder>", "<msubsup>\(i("g"))\(i("i"))\(n("2"))</msubsup>"))</msqrt>"
    ))

  /// Clipping by the norm.
  static let clipping = PageFormula(
    "The rule norm:τ shortens a gradient that is longer than τ, and keeps its direction:",
    row(
      i("g"), o("←"), i("g"), o("·"), i("min"), o("("), n("1"), o(","),
      fraction(i("τ"), norm(i("g"))), o(")")))

  /// The gradient through the layers.
  static let layers = PageFormula(
    "Through the layers i of a feed-forward network it is the norm of the loss’s gradient by their outputs:",
    row(norm(partial(i("ℓ"), sub(i("h"), i("i"))))))
}
