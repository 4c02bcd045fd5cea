import Foundation
import UnrollFileFormats

/// A JSON Schema (draft 2020-12), and what does not follow it, for the keywords that `data/schemas` uses. An
/// unknown keyword is a fault of the schema, so that none is passed over.
package struct JSONSchema {
  package let root: JSONValue

  package init(_ root: JSONValue) { self.root = root }

  /// The schema called `name` in `data/schemas`.
  package init(named name: String) throws {
    let top = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    self.init(
      try JSONValue(contentsOf: top.appending(path: "data/schemas/\(name).schema.json").path))
  }

  /// What is wrong with `value`, a line each, and the keys of the schema that it has, as `/curves/*/rate`.
  package func check(_ value: JSONValue) -> (faults: [String], seen: Set<String>) {
    var check = Check(root: root)
    check.check(value, root, at: "", as: "")
    return (check.faults, check.seen)
  }

  /// The keys that the schema names, as `/curves/*/rate`.
  package var keys: Set<String> {
    Set(nodes.map(\.path).filter { !$0.isEmpty && !$0.hasSuffix("*") })
  }

  /// Every schema in the schema with the path of what it describes, `$ref` followed.
  package var nodes: [(path: String, schema: JSONObject)] { nodes(root, at: "") }

  private func nodes(_ schema: JSONValue, at path: String) -> [(path: String, schema: JSONObject)] {
    guard let object = Self.resolved(schema, root) else { return [] }
    var result = [(path, object)]
    for (key, property) in object["properties"]?.object ?? [:] {
      result += nodes(property, at: "\(path)/\(key)")
    }
    if let items = object["items"] { result += nodes(items, at: "\(path)/*") }
    for choice in object["anyOf"]?.array ?? [] {
      result += nodes(choice, at: path).filter { $0.path != path }
    }
    return result
  }

  /// The schema with what it refers to; nil for what is no schema, or refers to itself.
  fileprivate static func resolved(_ schema: JSONValue, _ root: JSONValue) -> JSONObject? {
    guard var object = schema.object else { return nil }
    var followed: Set<String> = []
    while let name = object["$ref"]?.string {
      guard followed.insert(name).inserted,
        let target = root["$defs"]?[String(name.dropFirst("#/$defs/".count))]?.object
      else { return nil }
      object["$ref"] = nil
      object = target + object
    }
    return object
  }
}

private struct Check {
  let root: JSONValue
  var faults: [String] = []
  var seen: Set<String> = []

  private static let keywords: Set<String> = [
    "$schema", "$defs", "title", "description", "type", "enum", "anyOf", "properties",
    "patternProperties", "additionalProperties", "required", "items", "minItems", "maxItems",
    "minimum", "pattern",
  ]

  /// - Parameters:
  ///   - place: of the value: `/curves/0/rate`.
  ///   - path: of the schema: `/curves/*/rate`.
  mutating func check(_ value: JSONValue, _ schema: JSONValue, at place: String, as path: String) {
    guard let schema = JSONSchema.resolved(schema, root) else {
      faults.append("\(place): no schema")
      return
    }
    for (keyword, _) in schema where !Self.keywords.contains(keyword) {
      faults.append("\(place): unknown keyword \(keyword)")
    }
    if let others = schema["additionalProperties"], others.bool == nil {
      faults.append("\(place): additionalProperties is \(others.encoded()), expected true or false")
    }
    if let types = schema["type"],
      !(types.array ?? [types]).contains(where: { value.is($0.string) })
    {
      faults.append("\(place): is \(value.encoded().prefix(40)), expected \(types.encoded())")
    }
    if let values = schema["enum"]?.array, !values.contains(value) {
      faults.append("\(place): is \(value.encoded().prefix(40)), expected one of \(values)")
    }
    if let least = schema["minimum"]?.double, let number = value.double, number < least {
      faults.append("\(place): is \(number), expected at least \(least)")
    }
    if let pattern = schema["pattern"]?.string, let text = value.string, !text.matches(pattern) {
      faults.append("\(place): is \(text), expected \(pattern)")
    }
    if let choices = schema["anyOf"]?.array {
      let checks = choices.map { choice in
        var other = Check(root: root)
        other.check(value, choice, at: place, as: path)
        return other
      }
      if let fitting = checks.first(where: \.faults.isEmpty) {
        seen.formUnion(fitting.seen)
      } else {
        faults += checks.flatMap(\.faults)
      }
    }
    checkItems(of: value, schema, at: place, as: path)
    checkProperties(of: value, schema, at: place, as: path)
  }

  private mutating func checkItems(
    of value: JSONValue, _ schema: JSONObject, at place: String, as path: String
  ) {
    guard let elements = value.array else { return }
    if let least = schema["minItems"]?.int, elements.count < least {
      faults.append("\(place): has \(elements.count) elements, expected at least \(least)")
    }
    if let most = schema["maxItems"]?.int, elements.count > most {
      faults.append("\(place): has \(elements.count) elements, expected at most \(most)")
    }
    guard let items = schema["items"] else { return }
    for (index, element) in elements.enumerated() {
      check(element, items, at: "\(place)/\(index)", as: "\(path)/*")
    }
  }

  private mutating func checkProperties(
    of value: JSONValue, _ schema: JSONObject, at place: String, as path: String
  ) {
    guard let object = value.object else { return }
    for key in schema["required"]?.array ?? [] where object[key.string ?? ""] == nil {
      faults.append("\(place): has no \(key)")
    }
    for (key, element) in object {
      let property = schema["properties"]?[key]
      let patterns = (schema["patternProperties"]?.object ?? [:]).filter { key.matches($0.key) }
      if let property {
        seen.insert("\(path)/\(key)")
        check(element, property, at: "\(place)/\(key)", as: "\(path)/\(key)")
      }
      for (_, pattern) in patterns {
        check(element, pattern, at: "\(place)/\(key)", as: "\(path)/*")
      }
      if property == nil, patterns.isEmpty, schema["additionalProperties"] == .bool(false) {
        faults.append("\(place)/\(key): is in no schema")
      }
    }
  }
}

extension JSONValue {
  fileprivate func `is`(_ type: String?) -> Bool {
    switch (self, type) {
    case (.object, "object"), (.array, "array"), (.string, "string"), (.bool, "boolean"),
      (.null, "null"), (.integer, "integer"), (.integer, "number"), (.number, "number"):
      true
    default: false
    }
  }
}

extension String {
  /// Whether the pattern, which JSON Schema does not anchor, is somewhere in the text.
  fileprivate func matches(_ pattern: String) -> Bool {
    range(of: pattern, options: .regularExpression) != nil
  }
}
