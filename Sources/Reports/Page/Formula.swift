import UnrollText

/// A formula, for pages in MathML and for terminals in Unicode.
///
/// It is written on one line. Letters in a row are one name (`ln`, `σ′`, `float16`), so factors stand apart. `a_1`,
/// `x^{T−k}` lower and raise what follows; under and over ∑ and ∏ they are the limits. `\frac{a}{b}` and
/// `\sqrt{a}` have their arguments in braces, `\,` and `\quad` are spaces.
package struct Formula: Sendable, Equatable {
  private indirect enum Part: Equatable, Sendable {
    case name(String)
    case number(String)
    case sign(String)
    case space(wide: Bool)
    case row([Part])
    case scripts(Part, lower: Part?, upper: Part?)
    case fraction(Part, Part)
    case root(Part)
  }

  private let parts: [Part]

  /// The formula that `notation` writes.
  package init(_ notation: String) {
    var reader = Reader(rest: notation[...])
    parts = reader.parts()
  }

  // MARK: Reading

  private struct Reader {
    var rest: Substring

    /// The parts up to a closing brace, or the end.
    mutating func parts() -> [Part] {
      var parts: [Part] = []
      while let next = rest.first, next != "}" {
        if next == " " {
          rest.removeFirst()
        } else if next == "_" || next == "^" {
          rest.removeFirst()
          let script = argument()
          guard let base = parts.popLast() else { continue }
          var (body, lower, upper): (Part, Part?, Part?) = (base, nil, nil)
          if case .scripts(let inner, let low, let high) = base {
            (body, lower, upper) = (inner, low, high)
          }
          parts.append(
            .scripts(body, lower: next == "_" ? script : lower, upper: next == "^" ? script : upper)
          )
        } else {
          parts.append(part())
        }
      }
      return parts
    }

    private mutating func argument() -> Part {
      guard rest.first == "{" else { return part() }
      rest.removeFirst()
      let inside = parts()
      rest = rest.dropFirst()
      return inside.count == 1 ? inside[0] : .row(inside)
    }

    private mutating func part() -> Part {
      guard let first = rest.first else { return .row([]) }
      if first == "\\" {
        rest.removeFirst()
        switch take(while: \.isLetter) {
        case "frac":
          let above = argument()
          return .fraction(above, argument())
        case "sqrt": return .root(argument())
        case "quad": return .space(wide: true)
        default:
          rest = rest.dropFirst(rest.first == "," ? 1 : 0)
          return .space(wide: false)
        }
      }
      if first.isNumber { return .number(take { $0.isNumber || $0 == "." }) }
      if first.isLetter {
        return .name(take { $0.isLetter || $0.isNumber || $0 == "′" || $0 == "\u{302}" })
      }
      rest.removeFirst()
      return .sign(String(first))
    }

    private mutating func take(while isPart: (Character) -> Bool) -> String {
      let text = rest.prefix(while: isPart)
      rest = rest.dropFirst(text.count)
      return String(text)
    }
  }

  // MARK: MathML

  /// The content of a `math` element.
  package var mathML: String { Self.mathML(.row(parts)) }

  private static func mathML(_ part: Part) -> String {
    switch part {
    case .name(let text): return "<mi>\(text)</mi>"
    case .number(let text): return "<mn>\(text)</mn>"
    case .sign(let text):
      let isBracket = "()[]|‖".contains(text)
      return isBracket ? "<mo stretchy=\"false\">\(text)</mo>" : "<mo>\(text.markupEscaped)</mo>"
    case .space(let isWide): return "<mspace width=\"\(isWide ? "1em" : "0.17em")\"/>"
    case .row(let parts): return "<mrow>\(parts.map(mathML).joined())</mrow>"
    case .fraction(let above, let below): return "<mfrac>\(mathML(above))\(mathML(below))</mfrac>"
    case .root(let inside): return "<msqrt>\(mathML(inside))</msqrt>"
    case .scripts(let base, let lower, let upper):
      let (under, over, both) =
        base == .sign("∑") || base == .sign("∏")
        ? ("munder", "mover", "munderover") : ("msub", "msup", "msubsup")
      let (body, low, high) = (mathML(base), lower.map(mathML), upper.map(mathML))
      return switch (low, high) {
      case (let low?, let high?): "<\(both)>\(body)\(low)\(high)</\(both)>"
      case (let low?, nil): "<\(under)>\(body)\(low)</\(under)>"
      case (nil, let high?): "<\(over)>\(body)\(high)</\(over)>"
      case (nil, nil): body
      }
    }
  }

  // MARK: Text

  /// The formula on one line: `∂C/∂b₁ = (ŷ − y) σ′(z₄) w₄`.
  package var text: String { Self.text(parts) }

  private static let spaced: Set<String> = [
    "=", "+", "−", "·", "≈", "≤", "≥", "<", ">", "←", "→", "×", "∝", "∼",
  ]

  private static func text(_ parts: [Part]) -> String {
    var result = ""
    for (place, part) in parts.enumerated() {
      let text = text(part)
      let isSpaced =
        if case .sign(let sign) = part { spaced.contains(sign) && place > 0 } else { false }
      // Names and numbers one after the other are factors.
      let isFactor =
        result.last.map { !"( [|‖−/∂∇√".contains($0) } ?? false
        && text.first.map { $0.isLetter || $0.isNumber || "∂∇∑∏√".contains($0) } ?? false
      if isSpaced || text == "," {
        result += text == "," ? ", " : " \(text) "
      } else {
        result += (isFactor && !result.hasSuffix(" ") ? " " : "") + text
      }
    }
    return result.trimmingSpaces
  }

  private static func text(_ part: Part) -> String {
    switch part {
    case .name(let text), .number(let text), .sign(let text): text
    case .space(let isWide): isWide ? "   " : " "
    case .row(let parts): text(parts)
    case .fraction(let above, let below): "\(grouped(above))/\(grouped(below))"
    case .root(let inside): "√" + grouped(inside)
    case .scripts(let base, let lower, let upper):
      text(base) + (lower.map { shifted(text($0), lowered, "_") } ?? "")
        + (upper.map { shifted(text($0), raised, "^") } ?? "")
    }
  }

  /// In brackets where it is more than a product's factor, which one norm is.
  private static func grouped(_ part: Part) -> String {
    let text = text(part)
    let isNorm = text.hasPrefix("‖") && text.hasSuffix("‖") && text.count { $0 == "‖" } == 2
    return text.contains(" ") && !isNorm ? "(\(text))" : text
  }

  private static func shifted(
    _ text: String, _ forms: [Character: Character], _ mark: String
  ) -> String {
    let compact = text.replacing(" ", with: "")
    let shown = compact.compactMap { forms[$0] }
    if shown.count == compact.count { return String(shown) }
    return mark + (compact.count == 1 ? compact : "(\(compact))")
  }

  private static let lowered: [Character: Character] = [
    "0": "₀", "1": "₁", "2": "₂", "3": "₃", "4": "₄", "5": "₅", "6": "₆", "7": "₇", "8": "₈",
    "9": "₉", "+": "₊", "−": "₋", "i": "ᵢ", "j": "ⱼ", "k": "ₖ", "n": "ₙ", "t": "ₜ", "h": "ₕ",
    "a": "ₐ", "e": "ₑ", "l": "ₗ", "m": "ₘ", "o": "ₒ", "p": "ₚ", "r": "ᵣ", "s": "ₛ", "u": "ᵤ",
    "v": "ᵥ", "x": "ₓ", "½": "½", "=": "₌",
  ]
  private static let raised: [Character: Character] = [
    "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸",
    "9": "⁹", "+": "⁺", "−": "⁻", "k": "ᵏ", "n": "ⁿ", "T": "ᵀ", "D": "ᴰ", "L": "ᴸ", "x": "ˣ",
  ]
}

extension String {
  fileprivate var trimmingSpaces: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text.drop { $0 == " " })
  }
}
