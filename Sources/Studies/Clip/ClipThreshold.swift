import UnrollOptimization
import UnrollText

/// A clipping rule, or a global norm given as a multiple of the mean norm without clipping. Every
/// cell, window and seed has its own mean norm.
public enum ClipThreshold: Equatable, Sendable {
  /// A rule with its number.
  case rule(Clipping)
  /// `norm:τ` with τ this many times the mean norm. Pascanu, Mikolov & Bengio 2013 (*On the difficulty
  /// of training recurrent neural networks*) recommend from half to ten times.
  case meanNorms(Double)

  /// The forms accepted by ``init(_:)``.
  public static let accepted =
    "\(Clipping.accepted), or a number with x, in units of the mean norm: 2x"

  /// Parses `norm:1`, `none`, `2x` and so on.
  ///
  /// - Throws: `InvalidSetting` for a text that is not one of ``accepted``.
  public init(_ text: String) throws(InvalidSetting) {
    guard text.hasSuffix("x") else {
      do {
        self = .rule(try Clipping(text))
      } catch {
        // What is wrong with a rule's number is said by the rule.
        guard Clipping.rule(named: text) == nil else { throw error }
        throw InvalidSetting(value: text, accepted: Self.accepted)
      }
      return
    }
    let number = text.hasPrefix("norm:") ? text.dropFirst(5) : text[...]
    guard let factor = Double(number.dropLast()), factor > 0, factor.isFinite else {
      throw InvalidSetting(value: text, accepted: "a positive number with x: 2x or norm:2x")
    }
    self = .meanNorms(factor)
  }

  /// Whether ``rule(meanNorm:)`` depends on the mean norm.
  public var needsMeanNorm: Bool {
    if case .meanNorms = self { true } else { false }
  }

  /// The rule for a given mean norm. Where that is nil (no norm was finite) or 0, nothing is clipped.
  public func rule(meanNorm: Double?) -> Clipping {
    switch self {
    case .rule(let rule): return rule
    case .meanNorms(let factor):
      guard let meanNorm, meanNorm > 0 else { return .none }
      let limit = factor * meanNorm
      return .norm(min(max(limit, .leastNormalMagnitude), .greatestFiniteMagnitude))
    }
  }
}

extension ClipThreshold: CustomStringConvertible {
  /// The text that ``init(_:)`` parses: `norm:2x`.
  public var description: String {
    switch self {
    case .rule(let rule): rule.description
    case .meanNorms(let factor): "norm:\(factor.plainText)x"
    }
  }
}
