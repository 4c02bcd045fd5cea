import UnrollDenseMath
import UnrollOptimization

/// f of a stack's layers, between pre-activations and outputs.
public enum LayerFunction: Sendable, Equatable {
  /// The same for each unit.
  case activation(Activation)
  /// h_j = max_k (Wᵏ x + bᵏ)_j over k = 1…`pieces` (Goodfellow, Warde-Farley, Mirza, Courville &
  /// Bengio 2013, *Maxout networks*).
  case maxout(pieces: Int)

  /// At least one of each, for whatever goes over all of them: checks, tests.
  public static let samples: [LayerFunction] =
    Activation.samples.map { .activation($0) } + [.maxout(pieces: 2), .maxout(pieces: 3)]

  /// Pre-activations of a unit: K of maxout, otherwise 1.
  public var pieces: Int { if case .maxout(let pieces) = self { pieces } else { 1 } }
}

// MARK: - Text

extension LayerFunction {
  /// The activations, and maxout.
  package static let forms: [SettingForm<LayerFunction>] =
    Activation.forms.map { form in form.map { .activation($0) } } + [
      SettingForm(
        "maxout", .whole("K", 2...64, standard: 2), formula: "the largest of K linear pieces",
        source: "Goodfellow, Warde-Farley, Mirza, Courville & Bengio 2013"
      ) { .maxout(pieces: Int($0)) }
    ]

  /// The forms accepted by ``init(parsing:)``.
  public static let accepted = forms.accepted()

  /// Reads an activation, or `maxout:K`; `maxout` alone has two pieces.
  ///
  /// - Throws: ``InvalidSetting`` for any other text.
  public init(parsing text: String) throws(InvalidSetting) {
    do {
      self = try Self.forms.setting(from: Self.forms.canonical(text))
    } catch {
      throw InvalidSetting(value: text, accepted: error.accepted)
    }
  }
}

extension LayerFunction: CustomStringConvertible {
  /// The text that reads back as this function.
  public var description: String {
    switch self {
    case .activation(let activation): activation.description
    case .maxout(let pieces): "maxout:\(pieces)"
    }
  }
}
