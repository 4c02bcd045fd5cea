import UnrollText

/// One of the ways in which CSV files write dates. Letters stand for parts, everything else for
/// itself: `y` a year of four digits, `Y` of two, `M` a month's number, `N` its English name, `Q` a
/// quarter, `d` a day, `H` an hour, `h` one of twelve with `a` for AM or PM, `m` minutes, `s` seconds
/// with their fraction, `z` a distance from Greenwich.
struct DateFormat: Equatable {
  let pattern: String
  /// Whether a date is a number as well.
  let isDigitsAlone: Bool
  private let parts: [UInt8]
  // Learned from the dates: whether two digits stand where one would do, in days and months and in
  // hours; the number of digits of a second's fraction and the mark before it; whether months are
  // written in full.
  private var hasPaddedDays = true
  private var hasPaddedHours = true
  private var fractionDigits = 0
  private var fractionMark: Character = "."
  private var hasLongNames = false

  /// Whether days are told apart, so that a date is more than a month or quarter.
  var hasDays: Bool { pattern.contains("d") }
  /// The months from one date to the next where there is one date alone; nil for days.
  var ownMonths: Int? { hasDays ? nil : pattern.contains("Q") ? 3 : 1 }

  private init(_ pattern: String) {
    self.pattern = pattern
    isDigitsAlone = DateFormat.compact.contains(pattern)
    parts = Array(pattern.utf8)
  }

  private static let dates = [
    "y-M-d", "y/M/d", "y.M.d", "d.M.y", "d/M/y", "M/d/y", "d-M-y", "M-d-y", "d-N-y", "d N y",
    "N d, y", "d.M.Y", "d/M/Y", "M/d/Y", "d-N-Y",
  ]
  private static let times = [
    "", " H:m", " H:m:s", "TH:m", "TH:m:s", " H:mz", " H:m:sz", "TH:mz", "TH:m:sz", " h:m a",
    " h:m:s a",
  ]
  /// Digits alone, each part with all of its own.
  private static let compact: Set<String> = ["yMd", "yMdHm", "yMdHms", "yMdTHms", "yM"]

  private static let all =
    dates.flatMap { date in times.map { DateFormat(date + $0) } }
    + compact.sorted().map(DateFormat.init)
    + ["y-M", "y/M", "M/y", "N y", "N-y", "N-Y", "yQ", "y-Q", "y Q"].map(DateFormat.init)

  /// The formats in which `text` is a date.
  static func all(fitting text: String) -> [DateFormat] {
    // Most fields are no dates, and that shows in their first byte.
    guard let first = text.utf8.first(where: { $0 != 0x20 }), first.isDigit || isLetter(first),
      text.utf8.count <= 40
    else { return [] }
    let trimmed = text.trimmingBlanks
    return all.filter { $0.time(trimmed) != nil }
  }

  /// The formats in which all of `texts` are dates, with what is learned from them, and the dates.
  static func all(fitting texts: [String]) -> [(format: DateFormat, times: [CivilTime])] {
    guard let first = texts.first else { return [] }
    let trimmed = texts.map(\.trimmingBlanks)
    return all(fitting: first).compactMap { format in
      var times: [CivilTime] = []
      times.reserveCapacity(texts.count)
      for text in trimmed {
        guard let time = format.time(text) else { return nil }
        times.append(time)
      }
      return (format.learning(from: texts), times)
    }
  }

  private func learning(from texts: [String]) -> DateFormat {
    var format = self
    let (days, hours) = (padding(of: "Md", in: texts), padding(of: "Hh", in: texts))
    format.hasPaddedDays = days ?? hours ?? true
    format.hasPaddedHours = hours ?? days ?? true
    for text in texts.prefix(1000) {
      guard let (mark, digits) = fraction(of: text) else { continue }
      format.fractionMark = mark
      format.fractionDigits = max(format.fractionDigits, digits)
    }
    format.hasLongNames =
      pattern.contains("N")
      && texts.contains { text in
        DateFormat.monthNames.contains { $0.count > 4 && text.lowercased().contains($0) }
      }
    return format
  }

  /// The mark before a second's fraction in `text` and the number of digits behind it; nil without one.
  private func fraction(of text: String) -> (mark: Character, digits: Int)? {
    // "Jan 5, 2024 10:00:00" has a comma too, but no clock before it.
    guard parts.contains(UInt8(ascii: "s")),
      let place = text.lastIndex(where: { ".,".contains($0) }),
      text[..<place].contains(":")
    else { return nil }
    return (text[place], text[place...].utf8.dropFirst().prefix(while: \.isDigit).count)
  }

  /// Whether numbers below 10 of the parts named have two digits; nil where there is no such number.
  private func padding(of letters: String, in texts: [String]) -> Bool? {
    if isDigitsAlone { return true }
    let numbers = parts.filter { "yYMdHhms".utf8.contains($0) }
    for text in texts.prefix(1000) {
      for (part, digits) in zip(
        numbers, text.utf8.split(whereSeparator: { !$0.isDigit }))
      where letters.utf8.contains(part) {
        if digits.count == 1 { return false }
        if digits.first == UInt8(ascii: "0") { return true }
      }
    }
    return nil
  }

  // MARK: Reading

  /// The date that `text`, without blanks at its ends, is; nil where it is none in this format.
  func time(_ text: String) -> CivilTime? {
    var input = text.utf8[...]
    var time = CivilTime()
    var (half, isTwelve) = (0.0, false)
    let isCompact = isDigitsAlone

    func number(_ digits: ClosedRange<Int>) -> Int? {
      let run = input.prefix(digits.upperBound).prefix(while: \.isDigit)
      guard digits.contains(run.count) else { return nil }
      input = input.dropFirst(run.count)
      return run.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    for part in parts {
      let digits = isCompact ? 2...2 : 1...2
      switch Unicode.Scalar(part) {
      case "y":
        guard let year = number(4...4) else { return nil }
        // A number of so many digits is a date where its first four are a likely year.
        if isCompact, !(1600...2199).contains(year) { return nil }
        time.year = year
      case "Y":
        guard let year = number(2...2) else { return nil }
        time.year = year + (year < 69 ? 2000 : 1900)
      case "M":
        guard let month = number(digits) else { return nil }
        time.month = month
      case "d":
        guard let day = number(digits) else { return nil }
        time.day = day
      case "N":
        let name = String(decoding: input.prefix(while: DateFormat.isLetter), as: UTF8.self)
        guard let month = DateFormat.month(named: name) else { return nil }
        time.month = month
        input = input.dropFirst(name.utf8.count)
      case "Q":
        guard let letter = input.first, letter | 0x20 == UInt8(ascii: "q") else { return nil }
        input = input.dropFirst()
        guard let quarter = number(1...1), (1...4).contains(quarter) else { return nil }
        time.month = 3 * quarter - 2
      case "H", "h":
        guard let hour = number(digits), hour < 24 else { return nil }
        isTwelve = part == UInt8(ascii: "h")
        if isTwelve, !(1...12).contains(hour) { return nil }
        time.seconds += Double(isTwelve ? hour % 12 : hour) * 3600
      case "a":
        let letters = input.prefix(2).map { $0 | 0x20 }
        guard letters.count == 2, letters[1] == UInt8(ascii: "m") else { return nil }
        half = letters[0] == UInt8(ascii: "p") ? 43_200 : 0
        guard half > 0 || letters[0] == UInt8(ascii: "a") else { return nil }
        input = input.dropFirst(2)
      case "m":
        guard let minute = number(2...2), minute < 60 else { return nil }
        time.seconds += Double(minute) * 60
      case "s":
        guard let second = number(2...2), second < 60 else { return nil }
        time.seconds += Double(second)
        if let mark = input.first, mark == UInt8(ascii: ".") || mark == UInt8(ascii: ",") {
          let fraction = input.dropFirst().prefix(while: \.isDigit)
          guard (1...9).contains(fraction.count) else { return nil }
          input = input.dropFirst(1 + fraction.count)
          time.seconds += Double("0." + String(decoding: fraction, as: UTF8.self)) ?? 0
        }
      case "z":
        guard let offset = DateFormat.offset(input) else { return nil }
        time.offset = offset
        input = input.suffix(0)
      case let literal:
        guard input.first == UInt8(ascii: literal) else { return nil }
        input = input.dropFirst()
      }
    }
    time.seconds += half
    return input.isEmpty && time.isValid ? time : nil
  }

  /// `Z`, `+01:00`, `+0100` or `+01`, in seconds.
  private static func offset(_ text: Substring.UTF8View) -> Int? {
    if text.elementsEqual("Z".utf8) { return 0 }
    guard let sign = text.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else {
      return nil
    }
    let digits = text.dropFirst().filter { $0 != UInt8(ascii: ":") }
    guard digits.count == 2 || digits.count == 4, digits.allSatisfy(\.isDigit),
      let number = Int(String(decoding: digits, as: UTF8.self))
    else { return nil }
    let (hours, minutes) =
      digits.count == 2 ? (number, 0) : number.quotientAndRemainder(dividingBy: 100)
    guard hours < 24, minutes < 60 else { return nil }
    return (sign == UInt8(ascii: "+") ? 1 : -1) * (hours * 3600 + minutes * 60)
  }

  // MARK: Writing

  /// `time` as text that ``time(_:)`` reads.
  func text(_ time: CivilTime) -> String {
    var scale = 1.0
    for _ in 0..<fractionDigits { scale *= 10 }
    // Sums of fractions miss the digits by a little, at the end of a day too.
    var (time, ticks) = (time, Int((time.seconds * scale).rounded()))
    if ticks >= 86_400 * Int(scale) {
      time = time.adding(seconds: 86_400.5 - time.seconds)
      ticks = 0
    }
    let (whole, fraction) = ticks.quotientAndRemainder(dividingBy: Int(scale))
    let (hour, minute, second) = (whole / 3600, whole / 60 % 60, whole % 60)
    let (day, hours) = (hasPaddedDays ? 2 : 1, hasPaddedHours ? 2 : 1)
    return parts.map { part in
      switch Unicode.Scalar(part) {
      case "y": time.year.zeroPadded(to: 4)
      case "Y": (time.year % 100).zeroPadded(to: 2)
      case "M": time.month.zeroPadded(to: day)
      case "d": time.day.zeroPadded(to: day)
      case "N": DateFormat.name(ofMonth: time.month, isLong: hasLongNames)
      case "Q": "Q\((time.month + 2) / 3)"
      case "H": hour.zeroPadded(to: hours)
      case "h": ((hour + 11) % 12 + 1).zeroPadded(to: hours)
      case "a": hour < 12 ? "AM" : "PM"
      case "m": minute.zeroPadded(to: 2)
      case "s":
        second.zeroPadded(to: 2)
          + (fractionDigits > 0
            ? String(fractionMark) + fraction.zeroPadded(to: fractionDigits) : "")
      case "z": DateFormat.text(ofOffset: time.offset ?? 0)
      case let literal: String(literal)
      }
    }.joined()
  }

  private static func text(ofOffset offset: Int) -> String {
    if offset == 0 { return "Z" }
    let minutes = abs(offset) / 60
    return (offset < 0 ? "-" : "+") + (minutes / 60).zeroPadded(to: 2) + ":"
      + (minutes % 60).zeroPadded(to: 2)
  }

  // MARK: Months

  private static let monthNames = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
  ]

  private static func month(named name: String) -> Int? {
    let name = name.lowercased()
    guard name.utf8.count >= 3 else { return nil }
    return monthNames.firstIndex { $0 == name || $0.prefix(3) == name }.map { $0 + 1 }
  }

  private static func name(ofMonth month: Int, isLong: Bool) -> String {
    let name = monthNames[month - 1]
    return name.prefix(1).uppercased() + (isLong ? name.dropFirst() : name.dropFirst().prefix(2))
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
