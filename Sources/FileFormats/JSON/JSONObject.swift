import UnrollText

/// The members of a JSON object in order. Two objects are equal when their order is equal too.
public struct JSONObject: Equatable, Sendable {
  /// The keys, in the order in which they were added.
  public private(set) var keys: [String] = []
  private var values: [String: JSONValue] = [:]

  /// An object without members.
  public init() {}

  /// The number of members.
  public var count: Int { keys.count }

  /// The value at `key`. A new key goes last, a replaced value keeps its place, and `nil` removes.
  public subscript(key: String) -> JSONValue? {
    get { values[key] }
    set {
      let old = values[key]
      values[key] = newValue
      if old == nil, newValue != nil {
        keys.append(key)
      } else if old != nil, newValue == nil {
        keys.removeAll { $0 == key }
      }
    }
  }
}

extension JSONObject: Sequence {
  /// The members, in order.
  public func makeIterator() -> AnyIterator<(key: String, value: JSONValue)> {
    var keys = keys.makeIterator()
    return AnyIterator {
      guard let key = keys.next(), let value = values[key] else { return nil }
      return (key, value)
    }
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// - Precondition: no key occurs twice.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    for (key, value) in elements {
      require(self[key] == nil, "duplicate key in JSON object literal: \(key)")
      self[key] = value
    }
  }
}

extension JSONObject {
  /// The members of both objects; where both have a key, the value of the second.
  public static func + (one: JSONObject, other: JSONObject) -> JSONObject {
    var result = one
    for (name, value) in other { result[name] = value }
    return result
  }
}
