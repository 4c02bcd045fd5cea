import Foundation

/// Text for terminals, in ASCII.
package enum ASCIIText {
  /// `text` on one line, with the field's letters and signs spelt out (`η` is `eta`, `10⁻⁵` is
  /// `10^-5`) and letters without their accents; what then remains is "?".
  package static func of(_ text: String) -> String {
    var result = ""
    var isRaised = false
    for scalar in text.unicodeScalars {
      if let digit = raised[scalar] {
        result += isRaised ? digit : "^" + digit
        isRaised = true
      } else {
        result += spelling(scalar)
        isRaised = false
      }
    }
    return result
  }

  /// A long text with its end left out.
  package static func cut(_ text: String, to limit: Int) -> String {
    text.count > limit ? text.prefix(limit - 3) + "..." : text
  }

  private static func spelling(_ scalar: Unicode.Scalar) -> String {
    if scalar.isASCII { return String(scalar) }
    if let known = spellings[scalar] { return known }
    return String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars.map { part in
      if part.isASCII { return String(part) }
      if let known = spellings[part] { return known }
      return part.properties.generalCategory == .nonspacingMark ? "" : "?"
    }.joined()
  }

  private static let raised: [Unicode.Scalar: String] = [
    "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8",
    "⁹": "9", "⁺": "+", "⁻": "-", "ⁿ": "n", "ᵀ": "T", "ᴰ": "D",
  ]

  private static let spellings: [Unicode.Scalar: String] = [
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon",
    "ζ": "zeta", "η": "eta", "θ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu", "µ": "mu",
    "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi", "ϕ": "phi",
    "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda",
    "Π": "Pi", "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
    "∂": "d", "∇": "grad ", "∑": "sum ", "∏": "product ", "√": "sqrt ", "∞": "inf", "ℓ": "l",
    "‖": "|", "∥": "|", "·": "*", "×": "x", "⊙": "*", "÷": "/", "±": "+/-", "−": "-", "–": "-",
    "—": "-", "‐": "-", "‑": "-", "≥": ">=", "≤": "<=", "≠": "!=", "≈": "~", "∝": "~", "∈": "in",
    "→": "->", "←": "<-", "½": "1/2", "¼": "1/4", "¾": "3/4", "…": "...", "′": "'", "″": "''",
    "‘": "'", "’": "'", "“": "\"", "”": "\"", "„": "\"", "«": "\"", "»": "\"", "°": " deg",
    "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "₅": "5", "₆": "6", "₇": "7", "₈": "8",
    "₉": "9", "₋": "-", "₊": "+", "ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l",
  ]
}
