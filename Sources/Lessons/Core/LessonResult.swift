import UnrollFileFormats
import UnrollText

/// What a lesson has measured, without words: numbers for its texts, predictions with what was measured, and
/// the panels of its figure.
struct LessonResult: Sendable {
  /// The numbers that texts name in braces.
  var numbers: [String: LessonValue] = [:]
  /// What was predicted and what was measured, in the order of the table.
  var checks: [LessonCheck] = []
  /// The panels of the figure, from the top.
  var panels: [LessonPanel] = []
  /// A second figure, of a surface.
  var surface: LessonSurface?
  /// The texts that say what was found, one paragraph each.
  var findings: [String] = ["finding"]
}

/// A number in a text, and how it is written there.
enum LessonValue: Sendable, Equatable {
  /// Four significant digits.
  case number(Double)
  /// Two significant digits and an exponent.
  case scientific(Double)
  /// A share of one.
  case percent(Double)
  /// A whole number.
  case count(Int)
  /// Several values, listed as the language does it.
  case list([LessonValue])
  /// The factors of a product.
  case product([Double])
  /// A name, such as that of an option.
  case name(String)
  /// Lines or categories of the figure, by the names that texts have for them.
  case names([String])

  /// Several numbers of four significant digits.
  static func numbers(_ values: [Double]) -> LessonValue { .list(values.map { .number($0) }) }

  /// Several names.
  static func list(named names: [String]) -> LessonValue { .list(names.map { .name($0) }) }

  /// Four significant digits, or two and an exponent where the value is far from 1.
  static func ratio(_ value: Double) -> LessonValue {
    (0.001..<1000).contains(value) ? .number(value) : .scientific(value)
  }

  /// As a sentence in the language has it. The figure's lines are called by `naming` there.
  func text(
    in language: LessonLanguage, naming: (String) -> String = { $0 }
  ) -> String {
    switch self {
    case .number(let value): Self.text(value, Self.significant)
    case .scientific(let value): Self.text(value, NumberText.scientific)
    case .percent(let value): Self.text(value, NumberText.percent)
    case .count(let value): NumberText.count(value)
    case .list(let values): language.list(values.map { $0.text(in: language, naming: naming) })
    case .product(let values):
      values.map { Self.text($0, Self.significant) }.joined(separator: " · ")
    case .name(let name): name
    case .names(let names): names.map(naming).joined(separator: language.semicolon)
    }
  }

  /// A value in a sentence; a dash where there is none, as of the median of no runs.
  private static func text(_ value: Double, _ written: (Double) -> String) -> String {
    if value.isNaN { return missing }
    if value.isInfinite { return value > 0 ? "∞" : "−∞" }
    return written(value).withMinus
  }

  /// What stands for a number that there is not.
  static let missing = "–"

  private static func significant(_ value: Double) -> String {
    value == 0 ? "0" : NumberText.significant(value)
  }

  var json: JSONValue {
    switch self {
    case .number(let value), .scientific(let value), .percent(let value): .number(value)
    case .count(let value): .integer(value)
    case .list(let values): .array(values.map(\.json))
    case .product(let values): .array(values.map { .number($0) })
    case .name(let name): .string(name)
    case .names(let names): .array(names.map { .string($0) })
    }
  }
}

/// A prediction and the number that was measured.
struct LessonCheck: Sendable {
  /// How far the two may be apart.
  enum Tolerance: Sendable, Equatable {
    /// |measured − predicted| ≤ t · |predicted|.
    case relative(Double)
    /// |measured − predicted| ≤ t.
    case absolute(Double)
    /// measured ≤ predicted.
    case atMost
    /// measured ≥ predicted.
    case atLeast
  }

  /// The name of the quantity among the lesson's texts; a specification, or the like, stands for itself.
  let name: String
  let predicted: Double
  let measured: Double
  let tolerance: Tolerance

  init(_ name: String, predicted: Double, measured: Double, _ tolerance: Tolerance) {
    self.name = name
    self.predicted = predicted
    self.measured = measured
    self.tolerance = tolerance
  }

  /// Whether the prediction holds.
  var holds: Bool {
    switch tolerance {
    case .relative(let share): abs(measured - predicted) <= share * abs(predicted)
    case .absolute(let distance): abs(measured - predicted) <= distance
    case .atMost: measured <= predicted
    case .atLeast: measured >= predicted
    }
  }

  /// A number of the check: a count without decimals, a dash where there is none.
  static func text(_ value: Double) -> String {
    if value.isNaN { return LessonValue.missing }
    guard let whole = Int(exactly: value), whole.magnitude < 1_000_000 else {
      return NumberText.significant(value).withMinus
    }
    return NumberText.count(whole).withMinus
  }

  /// The sign between the two in a table, and how far apart they may be.
  var relation: (sign: String, tolerance: Double?) {
    switch tolerance {
    case .relative(let share): ("≈", share)
    case .absolute(let distance): ("≈", distance)
    case .atMost: ("≤", nil)
    case .atLeast: ("≥", nil)
    }
  }
}

extension String {
  /// A number's text with a minus sign in front rather than a hyphen, as formulas have it.
  var withMinus: String { hasPrefix("-") ? "−" + dropFirst() : self }
}
