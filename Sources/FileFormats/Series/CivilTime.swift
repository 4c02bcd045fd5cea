/// A date of the Gregorian calendar with a time of day, as a CSV file writes it.
package struct CivilTime: Equatable {
  package var year = 1
  package var month = 1
  package var day = 1
  /// Seconds since midnight, with fraction.
  package var seconds = 0.0
  /// Seconds east of Greenwich; nil where the file does not say.
  var offset: Int?

  private static let secondsPerDay = 86_400.0

  /// Whether there is such a day; a time of day beyond midnight is none.
  var isValid: Bool {
    (1...9999).contains(year) && (1...12).contains(month)
      && (1...CivilTime.days(inMonth: month, of: year)).contains(day)
      && (0..<CivilTime.secondsPerDay).contains(seconds)
  }

  /// Seconds since the start of 1970, in Greenwich where the offset is known.
  package var place: Double {
    Double(CivilTime.dayNumber(year, month, day)) * CivilTime.secondsPerDay + seconds
      - Double(offset ?? 0)
  }

  /// Months since the year 0.
  package var monthNumber: Int { year * 12 + month - 1 }

  /// From 0 for Monday to 6 for Sunday.
  var weekday: Int {
    let number = (CivilTime.dayNumber(year, month, day) + 3) % 7
    return number < 0 ? number + 7 : number
  }

  /// The time that is so many seconds later by the same clock.
  func adding(seconds: Double) -> CivilTime {
    let local = place + Double(offset ?? 0) + seconds
    let day = (local / CivilTime.secondsPerDay).rounded(.down)
    var result = CivilTime(dayNumber: Int(exactly: day) ?? 0)
    result.seconds = local - day * CivilTime.secondsPerDay
    result.offset = offset
    return result
  }

  /// The same time of day on the day `anchor`, or the last day, of the month so many months later.
  package func adding(months: Int, anchor: Int) -> CivilTime {
    var result = self
    let number = monthNumber + months
    result.year = (number >= 0 ? number : number - 11) / 12
    result.month = number - result.year * 12 + 1
    result.day = min(anchor, CivilTime.days(inMonth: result.month, of: result.year))
    return result
  }

  static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days since 1970-01-01: years are taken to begin in March, so that the leap day is the last one,
  /// and the 146,097 days of 400 years repeat.
  private static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let marchYear = month > 2 ? year : year - 1
    let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// The inverse of `dayNumber(_:_:_:)`.
  private init(dayNumber: Int) {
    let shifted = dayNumber + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  init() {}

  /// The time so many seconds after the start of 1970.
  package init(place: Double) { self = CivilTime().adding(seconds: place - CivilTime().place) }
}
