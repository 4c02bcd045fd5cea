/// How a column of dates goes on.
enum DateStep: Equatable {
  /// So many months, on the day `anchor` of the month or on its last day.
  case months(Int, anchor: Int)
  /// To the next day from Monday to Friday.
  case weekdays
  case seconds(Double)

  /// The step of `times`, which are in order: whole months where all dates are on one day of the
  /// month, weekdays where none is on a weekend and all are one step apart, otherwise the seconds
  /// between the last two.
  init(of times: [CivilTime], format: DateFormat) {
    guard let last = times.last, times.count > 1 else {
      self = format.ownMonths.map { .months($0, anchor: 1) } ?? .seconds(86_400)
      return
    }
    let previous = times[times.count - 2]
    let months = last.monthNumber - previous.monthNumber
    let anchor = times.allSatisfy(\.isLastOfMonth) ? 31 : times.map(\.day).max() ?? 31
    let isMonthly = zip(times, times.dropFirst()).allSatisfy { earlier, later in
      (later.monthNumber - earlier.monthNumber).signum() == months.signum()
    }
    let isAnchored = times.allSatisfy {
      $0.seconds == last.seconds
        && $0.day == min(anchor, CivilTime.days(inMonth: $0.month, of: $0.year))
    }
    if months != 0, isMonthly, isAnchored {
      self = .months(months, anchor: anchor)
      return
    }
    let days = zip(times, times.dropFirst()).map { ($1.place - $0.place) / 86_400 }
    if days.contains(3), days.contains(1), times.allSatisfy({ $0.weekday < 5 }),
      zip(days, times).allSatisfy({ $0 == ($1.weekday == 4 ? 3 : 1) })
    {
      self = .weekdays
      return
    }
    self = .seconds(last.place - previous.place)
  }

  /// The `count` times after `last`.
  func times(after last: CivilTime, count: Int) -> [CivilTime] {
    var (times, latest) = ([CivilTime](), last)
    for number in 0..<max(count, 0) {
      switch self {
      case .months(let months, let anchor):
        latest = last.adding(months: months * (number + 1), anchor: anchor)
      case .weekdays:
        latest = latest.adding(seconds: latest.weekday == 4 ? 3 * 86_400 : 86_400)
      case .seconds(let seconds): latest = last.adding(seconds: seconds * Double(number + 1))
      }
      times.append(latest)
    }
    return times
  }
}

extension CivilTime {
  fileprivate var isLastOfMonth: Bool { day == CivilTime.days(inMonth: month, of: year) }
}
