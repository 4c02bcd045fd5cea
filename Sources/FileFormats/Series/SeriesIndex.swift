/// Where the values of a series lie: in a column of dates or ascending numbers of its file, otherwise
/// at 0, 1, 2, ….
public struct SeriesIndex: Sendable {
  /// The column's name; `index` where the places are 0, 1, 2, ….
  public let name: String
  /// The place of each value: the column's numbers, or for dates the seconds since the start of 1970.
  public let places: [Double]
  /// The places as they stand in the file.
  public let fields: [CSVField]
  private let kind: Kind

  private enum Kind {
    case counted, numbers
    case dates(DateFormat, [CivilTime])
  }

  /// Whether the places come from the file.
  public var isFromFile: Bool { if case .counted = kind { false } else { true } }
  /// Whether the places are dates.
  public var isDates: Bool { if case .dates = kind { true } else { false } }

  /// The places 0, 1, 2, … of `count` values.
  public init(counting count: Int) {
    (name, kind) = ("index", .counted)
    places = (0..<count).map(Double.init)
    fields = (0..<count).map { .integer($0) }
  }

  init(name: String, numbers: [Double]) {
    (self.name, places, kind) = (name.isEmpty ? "index" : name, numbers, .numbers)
    fields = numbers.map(SeriesIndex.field)
  }

  init(name: String, dates: [CivilTime], texts: [String], format: DateFormat) {
    self.name = name.isEmpty ? "date" : name
    places = dates.map(\.place)
    fields = texts.map { .text($0) }
    kind = dates.isEmpty ? .counted : .dates(format, dates)
  }

  /// The first `count` places.
  public func prefix(_ count: Int) -> SeriesIndex {
    count < places.count ? SeriesIndex(firstOf: self, count: count) : self
  }

  private init(firstOf index: SeriesIndex, count: Int) {
    name = index.name
    places = Array(index.places.prefix(count))
    fields = Array(index.fields.prefix(count))
    switch index.kind {
    case .dates(let format, let dates): kind = .dates(format, Array(dates.prefix(count)))
    case .counted, .numbers: kind = index.kind
    }
  }

  /// The `count` places after the last one, as far apart as the last two are: for dates by the
  /// calendar, in the file's own format.
  public func continued(by count: Int) -> [CSVField] {
    switch kind {
    case .dates(let format, let dates):
      return Self.times(after: dates, format, count: count).map { .text(format.text($0)) }
    case .counted, .numbers: return placesContinued(by: count).map(SeriesIndex.field)
    }
  }

  /// The ``places`` of ``continued(by:)``.
  package func placesContinued(by count: Int) -> [Double] {
    switch kind {
    case .dates(let format, let dates):
      return Self.times(after: dates, format, count: count).map(\.place)
    case .counted, .numbers:
      guard let last = places.last else { return (0..<max(count, 0)).map(Double.init) }
      let step = places.count > 1 ? last - places[places.count - 2] : 1
      return (0..<max(count, 0)).map { last + step * Double($0 + 1) }
    }
  }

  /// The `count` times after the last of `dates`, by the calendar.
  private static func times(
    after dates: [CivilTime], _ format: DateFormat, count: Int
  ) -> [CivilTime] {
    guard let last = dates.last else { return [] }
    return DateStep(of: dates, format: format).times(after: last, count: count)
  }

  /// What turns the ``places`` of dates into those of the clock that the last of them is read from: its
  /// seconds east of Greenwich.
  package var clockOffset: Double {
    if case .dates(_, let dates) = kind { Double(dates.last?.offset ?? 0) } else { 0 }
  }

  /// A place as it stands in a CSV file: a whole number without a fraction.
  static func field(_ place: Double) -> CSVField {
    Int(exactly: place).map { .integer($0) } ?? .number(place)
  }
}
