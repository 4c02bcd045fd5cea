import UnrollDenseMath
import UnrollFileFormats

/// Where a series' values lie: in the file's own first column of numbers, such as a year, where
/// that increases from row to row; otherwise at 0, 1, 2, ….
public struct SeriesIndex: Sendable {
  /// The column's name; `index` where the places are 0, 1, 2, ….
  public let name: String
  /// The index of each value of the series.
  public let places: [Double]
  /// Whether the places come from the file.
  public let isFromFile: Bool

  /// Finds the index in the columns of `table`.
  ///
  /// - Parameter column: the predicted column, which is never its own index.
  public init(of table: CSVTable, predicting column: String) {
    if let name = table.columnNames.first(where: { (try? table.column(named: $0)) != nil }),
      name != column, let places = try? table.column(named: name),
      zip(places, places.dropFirst()).allSatisfy({ $0 < $1 && $1 - $0 < .infinity })
    {
      (self.name, self.places, isFromFile) = (name.isEmpty ? "index" : name, places, true)
    } else {
      (name, places, isFromFile) = ("index", table.rows.indices.map(Double.init), false)
    }
  }

  /// The `count` places after the last one, as far apart as the last two are.
  public func continued(by count: Int) -> [Double] {
    guard let last = places.last else { return [] }
    let step = places.count > 1 ? last - places[places.count - 2] : 1
    return (0..<count).map { last + step * Double($0 + 1) }
  }

  /// A place as it stands in a CSV file: a whole number without a fraction.
  public static func field(_ place: Double) -> CSVField {
    Int(exactly: place).map { .integer($0) } ?? .number(place)
  }
}
