import Testing
import UnrollFileFormats
import UnrollTestSupport

/// The check that the tests of `data/schemas` are made with: what it does not know is a fault.
struct JSONSchemaTests {
  private func faults(_ value: JSONValue, _ schema: JSONValue) -> [String] {
    JSONSchema(schema).check(value).faults
  }

  @Test func whatOtherPropertiesAreIsSaidByABool() {
    for allowed in [true, false] {
      let schema: JSONValue = ["type": "object", "additionalProperties": .bool(allowed)]
      #expect(faults([:], schema).isEmpty)
      #expect(faults(["a": 1], schema).isEmpty == allowed)
    }
    let schema: JSONValue = ["type": "object", "additionalProperties": ["type": "integer"]]
    #expect(faults(["a": 1], schema).count == 1)
  }

  /// A reference to a reference is followed to its end; one in a circle, or to nothing, is a fault.
  @Test func referencesAreFollowed() {
    let schema: JSONValue = [
      "$ref": "#/$defs/one",
      "$defs": [
        "one": ["$ref": "#/$defs/two", "minimum": 3], "two": ["type": "integer"],
      ],
    ]
    #expect(faults(3, schema).isEmpty)
    #expect(faults(2, schema).count == 1 && faults("a", schema).count == 1)
    let circle: JSONValue = [
      "$ref": "#/$defs/one",
      "$defs": ["one": ["$ref": "#/$defs/two"], "two": ["$ref": "#/$defs/one"]],
    ]
    #expect(faults(3, circle) == [": no schema"])
    #expect(faults(3, ["$ref": "#/$defs/one", "$defs": [:]]) == [": no schema"])
  }

  @Test func anUnknownKeywordIsAFault() {
    #expect(faults(3, ["maximum": 4]) == [": unknown keyword maximum"])
  }
}
