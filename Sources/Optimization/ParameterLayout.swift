import UnrollText

/// Where each named parameter lies in one flat buffer.
///
/// Gradients and optimizer state use the same layout, so that clipping, an update, a checkpoint and
/// a sum over workers are each one loop over one buffer.
public struct ParameterLayout: Sendable, Equatable {
  /// One parameter: a matrix, or a vector seen as one row.
  public struct Entry: Sendable, Equatable {
    public let name: String
    public let shape: [Int]
    public let offset: Int

    public var count: Int { shape.reduce(1, *) }
    public var range: Range<Int> { offset..<offset + count }
  }

  public private(set) var entries: [Entry] = []
  private var places: [String: Int] = [:]

  public init() {}

  /// The number of elements altogether.
  public var count: Int { entries.last?.range.upperBound ?? 0 }

  /// Adds a parameter of one or two dimensions behind the ones there are.
  @discardableResult
  public mutating func append(_ name: String, _ shape: Int...) -> Entry {
    require(
      places[name] == nil && (1...2).contains(shape.count),
      "expected a new name and 1 or 2 dimensions, got \(name) \(shape)")
    places[name] = entries.count
    let entry = Entry(name: name, shape: shape, offset: count)
    entries.append(entry)
    return entry
  }

  public func entry(_ name: String) -> Entry? { places[name].map { entries[$0] } }
}
