import UnrollFileFormats
import UnrollText

/// What distinguishes a run from all others: a name drawn at random when it begins, which its
/// `config.json`, checkpoint, models and `summary.json` carry. A run that is resumed keeps it.
///
/// No number of the run depends on it.
public struct RunIdentity: Equatable, Sendable, CustomStringConvertible {
  /// The key of ``id`` in JSON files and in the metadata of checkpoints and models.
  public static let key = "run"

  /// 16 hexadecimal digits.
  public let id: String

  /// The identity of a new run.
  public init() {
    id = UInt64.random(in: .min ... .max).zeroPadded(to: 16, radix: 16)
  }

  /// The identity that a file of a run records; nil where it has none, or none that ``init()`` could
  /// have drawn.
  public init?(_ id: String?) {
    guard let id, id.count == 16, id.allSatisfy({ "0123456789abcdef".contains($0) }) else {
      return nil
    }
    self.id = id
  }

  /// ``id``.
  public var description: String { id }
}
