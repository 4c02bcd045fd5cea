import UnrollFileFormats
import UnrollText

extension Axis {
  /// What lies between two tics of a time axis.
  private enum DateUnit {
    case seconds(Double)
    case months(Int)

    /// In seconds, a month being a twelfth of the mean year.
    var size: Double {
      switch self {
      case .seconds(let seconds): seconds
      case .months(let months): Double(months) * 365.2425 / 12 * DateUnit.day
      }
    }

    static let day = 86_400.0

    /// The steps that a clock and a calendar have, ascending.
    static let all: [DateUnit] =
      [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30].map(seconds)
      + [1, 2, 5, 10, 15, 30].map { .seconds(60 * $0) }
      + [1, 2, 3, 6, 12].map { .seconds(3600 * $0) }
      + [1, 2, 7, 14].map { .seconds(day * $0) }
      + [1, 2, 3, 6].map(months)
      + [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].map { .months(12 * $0) }
  }

  /// An axis of dates, in seconds since the start of 1970, that holds every finite value of `values`, with
  /// up to `count` + 1 labels at whole years, months, days, hours, minutes or seconds.
  static func dates(_ values: some Sequence<Double>, tics count: Int) -> Axis {
    let finite = values.filter { abs($0) <= latest }
    var (low, high) = (finite.min() ?? 0, finite.max() ?? DateUnit.day)
    if high - low < 0.001 { (low, high) = (low - DateUnit.day, high + DateUnit.day) }
    let unit = DateUnit.all.first { (high - low) / $0.size <= Double(count) }
    let tics = places(every: unit ?? .months(12 * 5000), from: low, to: high).map { place in
      let label = dateLabel(place, every: unit ?? .months(12))
      return Tic(at: place, label: label, plainLabel: label)
    }
    return Axis(low: low, high: high, tics: tics)
  }

  /// Seconds from 1970, some 31,000 years: far beyond the year 9999, with which the dates of files end, and
  /// few enough to be counted in milliseconds. What is later is left out.
  private static let latest = 1e12

  /// Where the tics stand: the whole multiples of `unit`, by the clock and the calendar, from `low` to
  /// `high`.
  private static func places(
    every unit: DateUnit, from low: Double, to high: Double
  ) -> [Double] {
    switch unit {
    case .seconds(let step):
      // Weeks begin on Mondays, as the fifth day of 1970 was one.
      let origin = step >= 7 * DateUnit.day ? 4 * DateUnit.day : 0
      let first = ((low - origin) / step - 1e-9).rounded(.up)
      let last = ((high - origin) / step + 1e-9).rounded(.down)
      guard first <= last else { return [] }
      return stride(from: first, through: last, by: 1).map { origin + $0 * step }
    case .months(let step):
      var time = CivilTime(place: low)
      (time.day, time.seconds) = (1, 0)
      time = time.adding(months: -(time.monthNumber % step), anchor: 1)
      var places: [Double] = []
      while time.place <= high {
        if time.place >= low { places.append(time.place) }
        time = time.adding(months: step, anchor: 1)
      }
      return places
    }
  }

  /// As much of a date as tells it from its neighbors: `1850`, `2024-03`, `2024-03-05`, `03-05 12:00`,
  /// `12:00:05`.
  private static func dateLabel(_ place: Double, every unit: DateUnit) -> String {
    let time = CivilTime(place: place)
    let (year, month, day) = (
      time.year.zeroPadded(to: 4), time.month.zeroPadded(to: 2), time.day.zeroPadded(to: 2)
    )
    guard case .seconds(let step) = unit else {
      if case .months(let months) = unit, months >= 12 { return year }
      return "\(year)-\(month)"
    }
    if step >= DateUnit.day { return "\(year)-\(month)-\(day)" }
    // A tic lies at a whole number of milliseconds, which sums of seconds miss by a little.
    let milliseconds = Int((time.seconds * 1000).rounded())
    let seconds = milliseconds / 1000
    let clock = "\((seconds / 3600).zeroPadded(to: 2)):\((seconds / 60 % 60).zeroPadded(to: 2))"
    if step >= 60 { return "\(month)-\(day) \(clock)" }
    let fraction = step < 1 ? "." + (milliseconds % 1000).zeroPadded(to: 3) : ""
    return "\(clock):\((seconds % 60).zeroPadded(to: 2))\(fraction)"
  }
}
