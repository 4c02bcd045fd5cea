import UnrollText

extension JSONValue: ExpressibleByNilLiteral {
  public init(nilLiteral: ()) { self = .null }
}

extension JSONValue: ExpressibleByBooleanLiteral {
  public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSONValue: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int) { self = .integer(value) }
}

extension JSONValue: ExpressibleByFloatLiteral {
  public init(floatLiteral value: Double) { self = .number(value) }
}

extension JSONValue: ExpressibleByStringInterpolation {
  public init(stringLiteral value: String) { self = .string(value) }
}

extension JSONValue: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
  /// - Precondition: no key occurs twice.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    var object = JSONObject()
    for (key, value) in elements {
      require(object[key] == nil, "duplicate key in JSON object literal: \(key)")
      object[key] = value
    }
    self = .object(object)
  }
}

extension JSONValue {
  /// The value, or `null` for `nil`.
  public init(_ value: Bool?) { self = value.map { .bool($0) } ?? .null }

  /// The value, or `null` for `nil`.
  public init(_ value: Int?) { self = value.map { .integer($0) } ?? .null }

  /// The value, or `null` for `nil`.
  public init(_ value: Double?) { self = value.map { .number($0) } ?? .null }

  /// The value, or `null` for `nil`.
  public init(_ value: String?) { self = value.map { .string($0) } ?? .null }
}
