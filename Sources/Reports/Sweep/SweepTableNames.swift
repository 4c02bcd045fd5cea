import UnrollStudies
import UnrollText

/// How the settings of a sweep are named in a table: by their values, below the options' names.
struct SweepTableNames {
  enum Form: Equatable {
    case whole
    /// Letters instead of the options' names.
    case letters
    /// The same, with values of at most so many characters.
    case short(Int)
    /// Numbers instead of settings.
    case numbers
  }

  /// From the widest to the narrowest.
  static let forms: [Form] = [.whole, .letters, .short(16), .short(12), .short(9)]

  /// The first columns.
  let header: [String]
  /// What letters, shortened values or numbers stand for; empty without them.
  let key: [String]
  private let cells: [SweepSetting: [String]]

  /// Nil where values cannot be told apart in that form.
  ///
  /// - Parameter shown: the values of a setting as people read them.
  init?(
    _ options: [String], _ settings: [SweepSetting], as form: Form,
    _ shown: (SweepSetting) -> [String]
  ) {
    let settings = settings.distinct
    let texts = settings.map { shown($0).map(SettingValue.shown) }
    if form == .numbers {
      header = ["setting"]
      key = texts.enumerated().map { number, texts in
        let values = zip(options, texts).map { "\($0) \($1)" }
        return "\(number + 1)  \(values.isEmpty ? "all runs" : values.joined(separator: ", "))"
      }
      cells = Dictionary(uniqueKeysWithValues: settings.enumerated().map { ($1, ["\($0 + 1)"]) })
      return
    }
    var length = Int.max
    if case .short(let most) = form { length = most }
    // A name that is no wider than its values need not be a letter.
    let widths = options.indices.map { place in
      texts.map { min($0[place].count, length) }.max() ?? 0
    }
    let isLetter = options.indices.map {
      form != .whole && options[$0].count > max(widths[$0], 1)
    }
    header = options.indices.map { isLetter[$0] ? Self.letter($0) : options[$0] }
    let letters = options.indices.filter { isLetter[$0] }.map {
      "\(Self.letter($0)) \(options[$0])"
    }
    let shortened = options.indices.flatMap { place in
      texts.map { $0[place] }.distinct.map {
        (whole: $0, short: $0.shortened(to: length))
      }
    }.filter { $0.whole != $0.short }.distinct(by: \.whole)
    key =
      (letters.isEmpty ? [] : [letters.joined(separator: ", ")])
      + shortened.map { "\($0.short): \($0.whole)" }
    cells = Dictionary(
      uniqueKeysWithValues: zip(settings, texts).map { setting, texts in
        (setting, texts.map { $0.shortened(to: length) })
      })
    if Set(cells.values).count < settings.count { return nil }
  }

  /// The cells of a setting below ``header``.
  func cells(_ setting: SweepSetting) -> [String] {
    cells[setting] ?? header.map { _ in "-" }
  }

  /// `a` to `z`, then `a2` and so on.
  private static func letter(_ place: Int) -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyz")
    let (round, letter) = place.quotientAndRemainder(dividingBy: letters.count)
    return "\(letters[letter])" + (round > 0 ? "\(round + 1)" : "")
  }
}
