import UnrollDenseMath
import UnrollOptimization
import UnrollText

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
  /// How many pieces maxout takes.
  private static let acceptedPieces = 2...64

  /// `maxout:K`, as help shows it.
  package static let maxoutForm = (name: "maxout", formula: "the largest of K linear pieces")

  private static var acceptedMaxout: String {
    "\(maxoutForm.name):K with K from \(acceptedPieces.lowerBound) to \(acceptedPieces.upperBound)"
  }

  /// The forms accepted by ``init(parsing:)``.
  public static let accepted = (Activation.forms.map(\.accepted) + [acceptedMaxout]).listed("or")

  /// Reads an activation, or `maxout:K`; `maxout` alone has two pieces.
  ///
  /// - Throws: ``InvalidSetting`` for any other text.
  public init(parsing text: String) throws(InvalidSetting) {
    let name = Self.maxoutForm.name
    if text == name {
      self = .maxout(pieces: Self.acceptedPieces.lowerBound)
      return
    }
    let pieces = try InvalidSetting.number(
      in: text, after: name, accepted: Self.acceptedMaxout,
      where: { Int(exactly: $0).map(Self.acceptedPieces.contains) ?? false })
    if let pieces {
      self = .maxout(pieces: Int(pieces))
      return
    }
    do throws(InvalidSetting) {
      self = .activation(try Activation(parsing: text))
    } catch {
      guard error.accepted == Activation.accepted else { throw error }
      throw InvalidSetting(value: text, accepted: Self.accepted)
    }
  }
}

extension LayerFunction: CustomStringConvertible {
  /// The text that reads back as this function.
  public var description: String {
    switch self {
    case .activation(let activation): activation.description
    case .maxout(let pieces): "\(Self.maxoutForm.name):\(pieces)"
    }
  }
}
