import UnrollOptimization
import UnrollText

/// What `--thresholds` compares: a clipping rule, or a global norm in units of the mean norm before
/// clipping, which each cell, window and seed has of its own.
package enum ClipThreshold: Equatable, Sendable {
  case rule(Clipping)
  /// `norm:τ` with τ this many times the mean.
  case meanNorms(Double)

  /// The forms accepted by ``init(_:)``.
  package static let accepted =
    "\(Clipping.accepted), or a number with x, in units of the mean norm: 2x"

  /// - Throws: `InvalidSetting` for any other text.
  package init(_ text: String) throws(InvalidSetting) {
    guard text.hasSuffix("x") else {
      do {
        self = .rule(try Clipping(text))
      } catch {
        throw InvalidSetting(value: text, accepted: Self.accepted)
      }
      return
    }
    let number = text.hasPrefix("norm:") ? text.dropFirst(5) : text[...]
    guard let factor = Double(number.dropLast()), factor > 0, factor.isFinite else {
      throw InvalidSetting(value: text, accepted: Self.accepted)
    }
    self = .meanNorms(factor)
  }

  package var needsMeanNorm: Bool {
    if case .meanNorms = self { true } else { false }
  }

  /// The rule, where the mean norm is `meanNorm`. Without one, or where it is 0, nothing is clipped: no
  /// norm was finite then, and none will be, or there is nothing to clip.
  package func rule(meanNorm: Double?) -> Clipping {
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
  /// The text that ``init(_:)`` reads back: `norm:2x`.
  package var description: String {
    switch self {
    case .rule(let rule): rule.description
    case .meanNorms(let factor): "norm:\(factor.plainText)x"
    }
  }
}
