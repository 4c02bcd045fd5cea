import Foundation
import Testing
import UnrollFileFormats
import UnrollTestSupport

/// The validator that ``SchemaTests`` holds output against.
struct JSONSchemaTests {
  @Test(arguments: [
    ("{\"type\": \"integer\"}", "1", "1.5"),
    ("{\"type\": [\"number\", \"null\"]}", "null", "\"1\""),
    ("{\"minimum\": 1}", "1", "0"), ("{\"enum\": [\"a\", null]}", "null", "\"b\""),
    ("{\"pattern\": \"^a\"}", "\"ab\"", "\"ba\""), ("{\"minItems\": 1}", "[1]", "[]"),
    ("{\"maxItems\": 1}", "[1]", "[1, 2]"),
    ("{\"items\": {\"type\": \"string\"}}", "[\"a\"]", "[\"a\", 1]"),
    ("{\"required\": [\"a\"]}", "{\"a\": 1}", "{}"),
    ("{\"properties\": {\"a\": {\"type\": \"string\"}}}", "{\"a\": \"b\"}", "{\"a\": 1}"),
    ("{\"additionalProperties\": false}", "{}", "{\"a\": 1}"),
    ("{\"patternProperties\": {\"^a\": {\"type\": \"null\"}}}", "{\"ab\": null}", "{\"ab\": 1}"),
    ("{\"anyOf\": [{\"type\": \"null\"}, {\"type\": \"string\"}]}", "null", "1"),
    ("{\"$ref\": \"#/$defs/a\", \"$defs\": {\"a\": {\"type\": \"null\"}}}", "null", "1"),
    (
      "{\"items\": {\"$ref\": \"#/$defs/a\"}, \"$defs\": {\"a\": {\"type\": \"null\"}}}", "[null]",
      "[1]"
    ),
  ]) func theValidatorTellsRightFromWrong(schema: String, right: String, wrong: String) throws {
    func parsed(_ text: String) throws -> JSONValue { try JSONValue(parsing: Data(text.utf8)) }
    let schema = JSONSchema(try parsed(schema))
    #expect(schema.check(try parsed(right)).faults.isEmpty)
    #expect(!schema.check(try parsed(wrong)).faults.isEmpty)
    let unknown = JSONSchema(["format": "date"])
    #expect(!unknown.check("a").faults.isEmpty)
  }
}
