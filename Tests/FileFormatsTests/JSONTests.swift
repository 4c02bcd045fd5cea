import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

private func parse(_ text: String) throws -> JSONValue {
  try JSONValue(parsing: Data(text.utf8))
}

private func jsonProblem(_ bytes: [UInt8]) -> FileProblem? {
  do {
    _ = try JSONValue(parsing: Data(bytes))
    return nil
  } catch {
    return error
  }
}

@Suite struct JSONTests {
  @Test func valuesKeepKindAndKeyOrder() throws {
    let value = try parse(#" {"z": [1, -2.5, 1e3], "a": null, "m": {"t": true, "f": false}} "#)
    #expect(
      value == [
        "z": [1, -2.5, 1000.0], "a": nil, "m": ["t": true, "f": false],
      ])
    #expect(value.object?.keys == ["z", "a", "m"])
    #expect(value["z"]?.array?.compactMap(\.double) == [1, -2.5, 1000])
    #expect(value["z"]?.array?.map(\.int) == [1, nil, 1000])
    #expect(value["m"]?["t"]?.bool == true)
    #expect(value["a"]?.isNull == true)
    #expect(value["absent"] == nil)
    #expect(value.string == nil)
  }

  @Test func integersBeyondIntBecomeNumbers() throws {
    #expect(try parse("9223372036854775807") == .integer(.max))
    #expect(try parse("9223372036854775808") == .number(0x1p63))
    #expect(try parse("9223372036854775808").int == nil)
    #expect(try parse("-0").double?.sign == .minus)
  }

  @Test func stringEscapes() throws {
    #expect(try parse(#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é""#) == "\"\\/\u{8}\u{C}\n\r\té😀é")
  }

  @Test func encodingIsReadBackExactly() throws {
    let value: JSONValue = [
      "text": "quote \" backslash \\ newline \n tab \t bell \u{7} nul \0 é 😀",
      "numbers": [
        0.1, -0.0, .number(.leastNonzeroMagnitude), 1.7976931348623157e308, 1e16, 3.0, 42, 1e-7,
      ],
      "nested": [["a": [:], "b": []], [[1], [nil, true]]],
    ]
    for pretty in [false, true] {
      let text = value.encoded(pretty: pretty)
      #expect(try parse(text) == value)
      #expect(try parse(text)["numbers"]?.array?[1].double?.sign == .minus)
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(text.utf8)) }
    }
  }

  @Test func prettyText() {
    let value: JSONValue = ["a": 1, "b": [1, 2.5], "c": ["d": []], "e": [["f": nil]]]
    #expect(
      value.encoded(pretty: true) == """
        {
          "a": 1,
          "b": [1, 2.5],
          "c": {
            "d": []
          },
          "e": [
            {
              "f": null
            }
          ]
        }
        """)
    #expect(value.encoded() == #"{"a": 1, "b": [1, 2.5], "c": {"d": []}, "e": [{"f": null}]}"#)
  }

  @Test func nonFiniteNumbersAndNilAreNull() {
    #expect(JSONValue.array([.number(.nan), .number(.infinity)]).encoded() == "[null, null]")
    #expect(JSONValue(nil as Double?) == .null)
    #expect(JSONValue(2 as Int?) == 2)
  }

  @Test(arguments: [
    ("", 0), ("{", 1), ("[1,]", 3), ("[1 2]", 3), ("{\"a\":1,}", 7), ("{a:1}", 1), ("nul", 3),
    ("01", 1), ("-", 1), ("1.", 2), (".5", 0), ("1e", 2), ("+1", 0), ("NaN", 0), ("1e999", 0),
    ("\"abc", 4), ("\"a\nb\"", 2), (#""\x""#, 2), (#""\ud800""#, 2), (#""\udc00""#, 2),
    (#""\u12g4""#, 5), ("{} x", 3), ("[1] [2]", 4), ("'a'", 0),
  ]) func badTextIsRefusedAtItsByte(text: String, offset: Int) {
    #expect(jsonProblem(Array(text.utf8)) == .badJSON(byteOffset: offset))
  }

  @Test func badBytesDuplicatesAndDepth() {
    #expect(jsonProblem(Array("[\"".utf8) + [0xFF]) == .notUTF8(byteOffset: 2))
    #expect(jsonProblem(Array("[".utf8) + [0]) == .binary(byteOffset: 1))
    #expect(jsonProblem(Array(#"{"a":1,"b":2,"a":3}"#.utf8)) == .duplicateKey("a"))
    let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
    #expect(jsonProblem(deep) == .nestingTooDeep(limit: 64))
    let limit = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    #expect(jsonProblem(Array(limit.utf8)) == nil)
    #expect(jsonProblem(Array(("[" + limit + "]").utf8)) == .nestingTooDeep(limit: 64))
  }

  @Test func objectSubscriptReplacesInPlaceAndRemoves() {
    var object: JSONObject = ["a": 1, "b": 2]
    object["a"] = 3
    object["c"] = 4
    object["b"] = nil
    #expect(object == ["a": 3, "c": 4])
    #expect(object != ["c": 4, "a": 3])
    #expect(object.map(\.key) == ["a", "c"])
    #expect(object.count == 2)
  }

  @Test func filesNameTheLine() throws {
    let folder = try TemporaryFolder()
    let value: JSONValue = ["steps": 10]
    try value.write(to: folder("good.json"))
    #expect(try JSONValue(contentsOf: folder("good.json")) == value)
    #expect(try folder.text("good.json") == "{\n  \"steps\": 10\n}\n")

    let bad = try folder.file("bad.json", "{\n\"a\": 1,\n\"b\": oops\n}")
    #expect(
      thrown { try JSONValue(contentsOf: bad) }
        == .malformed(path: bad, line: 3, .badJSON(byteOffset: 15)))
  }
}
