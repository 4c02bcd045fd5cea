import UnrollText

/// Where each named parameter lies in one flat buffer.
///
/// Gradients and optimizer state use the same layout, so that clipping, an update, a checkpoint and
/// a sum over workers are each one loop over one buffer.
public struct ParameterLayout: Sendable, Equatable {
  /// One parameter: a matrix, or a vector seen as one row.
  public struct Entry: Sendable, Equatable {
    /// The name, as in a PyTorch `state_dict`: `weight_ih_l0`.
    public let name: String
    /// One or two dimensions.
    public let shape: [Int]
    /// Where its elements begin in the buffer.
    public let offset: Int

    /// The number of its elements.
    public var count: Int { shape.reduce(1, *) }
    /// Where its elements lie in the buffer.
    public var range: Range<Int> { offset..<offset + count }
  }

  /// The parameters, in the order of the buffer.
  public private(set) var entries: [Entry] = []
  private var places: [String: Int] = [:]

  /// A layout without parameters.
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

  /// The parameter called `name`; nil when there is none.
  public func entry(_ name: String) -> Entry? { places[name].map { entries[$0] } }
}
