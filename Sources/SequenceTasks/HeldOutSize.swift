import Foundation
import UnrollFileFormats
import UnrollText

/// How much of the end of some data is held out.
public enum HeldOutSize: Sendable, Equatable {
  /// A share of all, above 0 and below 1.
  case share(Double)
  /// So many sequences or characters.
  case count(Int)

  /// How many of `total` that is, rounded down.
  public func count(of total: Int) -> Int {
    switch self {
    case .count(let count): return count
    case .share(let share):
      // 0.29 of 100 is 28.999999999999996 in Float64.
      let exact = Double(total) * share
      let nearest = exact.rounded()
      return Int(abs(exact - nearest) < 1e-9 * max(exact, 1) ? nearest : exact.rounded(.down))
    }
  }
}

/// What a part of the data is taken from, as `--validation` and `--test` say it.
public enum HeldOutPart: Sendable, Equatable {
  /// The end of the file that is trained on.
  case end(HeldOutSize)
  /// A file of its own.
  case file(String)

  /// The forms that ``init(parsing:)`` accepts.
  public static let accepted =
    "a share of the end above 0 and below 1, such as 0.1 or 10%, a whole number from 1, or a file"

  /// `0.1` and `10%` are shares, `200` is a number of sequences; what is no number is a file's path.
  /// Nil for empty text, for numbers that are none of these, and for `0,1`, which is no file either.
  public init?(parsing text: String) {
    let text = text.trimmingCharacters(in: .whitespaces)
    guard !text.isEmpty,
      CSVNumber.finite(Self.number(text), decimal: .comma) == nil || !text.contains(",")
    else { return nil }
    if let count = Int(written: text) {
      guard (1...1_000_000_000).contains(count) else { return nil }
      self = .end(.count(count))
    } else if let share = Self.share(text) {
      guard share > 0, share < 1 else { return nil }
      self = .end(.share(share))
    } else {
      self = .file(text)
    }
  }

  private static func share(_ text: String) -> Double? {
    Double(number(text)).map { text.hasSuffix("%") ? $0 / 100 : $0 }
  }

  /// What stands before a percent sign.
  private static func number(_ text: String) -> String {
    text.hasSuffix("%") ? String(text.dropLast()).trimmingCharacters(in: .whitespaces) : text
  }
}
