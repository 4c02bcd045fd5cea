import Foundation
import UnrollOptimization
import UnrollText

/// Whether the backward pass finds the states of all time steps in memory, or states are kept at some
/// steps only, the checkpoints in time, and those between them are computed again (Gruslys et al. 2016,
/// *Memory-efficient backpropagation through time*; Chen et al. 2016, *Training deep nets with sublinear
/// memory cost*).
///
/// The gradient does not depend on it, to the bit: the same products are formed in the same order. With
/// one checkpoint for each segment, every step but those of the last segment is run forward twice.
///
/// A segment is a number of whole tiles of the ``SequenceWorkspace``, so its length is rounded up to
/// that of some tiles.
public enum Recompute: Sendable, Equatable {
  /// All states are kept where they fit the machine's memory. Otherwise segments are as long as takes
  /// the least memory, about √T steps.
  case auto
  /// A checkpoint before every segment of this many steps.
  case every(Int)
  /// As few runs as fit these bytes. Where there is no room for a checkpoint before every segment,
  /// steps are run more than twice, in the order that takes the fewest runs (Griewank & Walther 2000).
  case memory(Int)

  /// The forms accepted by ``init(_:)``.
  public static let accepted =
    "auto, every:N with a whole number 1 ≤ N ≤ 1,000,000,000, or memory:SIZE such as memory:1.5GB "
    + "(\(units.map(\.name).joined(separator: ", ")))"

  /// Units of sizes; decimal ones first, as sizes are written out in them.
  private static let units: [(name: String, bytes: Int)] = [
    ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
    ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
  ]

  /// Reads `auto`, `every:200` or `memory:512MB`.
  ///
  /// - Throws: `InvalidSetting` for any other text.
  public init(_ text: String) throws(InvalidSetting) {
    if text == "auto" {
      self = .auto
    } else if let steps = Self.rest(of: text, after: "every:").flatMap({ Int($0) }),
      (1...1_000_000_000).contains(steps)
    {
      self = .every(steps)
    } else if let bytes = Self.rest(of: text, after: "memory:").flatMap(Self.bytes) {
      self = .memory(bytes)
    } else {
      throw InvalidSetting(value: text, accepted: Self.accepted)
    }
  }

  private static func rest(of text: String, after prefix: String) -> String? {
    text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
  }

  /// The bytes of `1.5GB`; nil for no size, or one without its unit.
  private static func bytes(_ text: String) -> Int? {
    let sizes = units.map { (name: $0.name, size: Double($0.bytes)) }
    return UnitText.number(in: text, units: sizes).flatMap { Int(exactly: $0.rounded()) }
      .flatMap { $0 > 0 ? $0 : nil }
  }

  /// A size of at least `bytes`, in three digits after the point: `memory:23.513MB`.
  package static func atLeast(_ bytes: Int) -> Recompute {
    let unit = units.prefix(4).last { $0.bytes <= bytes } ?? units[0]
    let share = unit.bytes / 1_000
    return .memory((bytes + share - 1) / share * share)
  }

  /// A size as people read it, in at most four digits: `23.5 MB`.
  package static func text(ofBytes bytes: Double) -> String {
    let unit = units.prefix(4).last { Double($0.bytes) <= bytes } ?? units[0]
    return "\(NumberText.significant(bytes / Double(unit.bytes))) \(unit.name)"
  }
}

extension Recompute: CustomStringConvertible {
  /// The text that ``init(_:)`` reads back.
  public var description: String {
    switch self {
    case .auto: return "auto"
    case .every(let steps): return "every:\(steps)"
    case .memory(let bytes):
      // The largest unit that the number of bytes is a multiple of a thousandth of.
      let unit = Self.units.prefix(4).last { bytes >= $0.bytes && bytes % ($0.bytes / 1_000) == 0 }
      guard let unit else {
        return "memory:\((Double(bytes) / 1_000).plainText)KB"
      }
      return "memory:\((Double(bytes) / Double(unit.bytes)).plainText)\(unit.name)"
    }
  }
}
