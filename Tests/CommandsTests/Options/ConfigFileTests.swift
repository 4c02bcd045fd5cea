import Foundation
import Testing
import UnrollFileFormats
import UnrollOptimization
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollStudies

struct ConfigFileTests {
  @Test func theCommandLineWinsOverTheFileAndTheFileOverDefaults() throws {
    let arguments = try ArgumentParser.arguments(
      ["--config", "c.json", "--hidden", "32"],
      config: [
        "hidden": .integer(64), "layers": .integer(2), "subject": .string("copy"),
        "json": .bool(true), "cells": .array([.string("rnn"), .string("lstm/forget-bias=0")]),
        "clip": .number(0.5), "learning-rate": .integer(1), "model": .null,
      ])
    #expect(arguments[.hidden] == 32)
    #expect(arguments[.layers] == 2)
    #expect(arguments[.batch] == 20)
    #expect(arguments[.subject] == "copy")
    #expect(arguments[.json])
    #expect(arguments.text(of: "cells") == "rnn,lstm/forget-bias=0")
    #expect(arguments[.clip] == Clipping.norm(0.5))
    #expect(arguments[.learningRate] == 1)
    #expect(arguments.wasGiven("layers") && !arguments.wasGiven("model"))
  }

  @Test func whatIsRecordedReplays() throws {
    let words = [
      "copy", "--seed", "\(Int.max)", "--learning-rate", "0.1", "--cells", "rnn,lstm/forget-bias=0",
      "--shuffle",
      "--window", "3:5", "--prompt", "", "--out", "somewhere", "--quiet",
    ]
    let first = try ArgumentParser.arguments(words)
    let recorded = Dictionary(uniqueKeysWithValues: first.recorded.map { ($0.name, $0.value) })
    #expect(recorded["seed"] == .integer(Int.max))
    for name in ["out", "quiet", "json", "config", "resume"] { #expect(recorded[name] == nil) }
    var config = JSONObject()
    for (name, value) in first.recorded { config[name] = value }
    let second = try ArgumentParser.arguments(["--config", "c.json"], config: config)
    #expect(first.recorded.count == second.recorded.count)
    for (one, other) in zip(first.recorded, second.recorded) {
      #expect(one == other)
    }
  }

  @Test(arguments: [
    ("hiden", JSONValue.integer(1), "c.json: unknown option 'hiden'; did you mean 'hidden'?"),
    ("config", .string("d.json"), "c.json: unknown option 'config'; unroll help sample lists them"),
    ("hidden", .string("64"), "c.json: 'hidden' is a text; must be a number"),
    ("hidden", .integer(0), "c.json: 'hidden' 0: must be a whole number from 1 to 65,536"),
    ("hidden", .number(1.5), "c.json: 'hidden' 1.5: must be a whole number from 1 to 65,536"),
    ("hidden", .array([]), "c.json: 'hidden' is a list; must be a number"),
    ("json", .integer(1), "c.json: 'json' is a number; must be true or false"),
    ("model", .bool(true), "c.json: 'model' is true or false; must be a text or a number"),
    ("cells", .object([:]), "c.json: 'cells' is an object; must be a text or a number"),
    ("cells", .array([.null]), "c.json: 'cells' is a list; must be a text or a number"),
  ])
  func mistakesNameTheFile(key: String, value: JSONValue, expected: String) {
    let words = ["copy", "--config", "c.json"]
    do {
      _ = try ArgumentParser.arguments(words, config: [key: value])
      Issue.record("accepted \(key)")
    } catch {
      #expect(ErrorMessage.text(for: error) == expected)
      #expect(ErrorMessage.exitStatus(for: error) == .usage)
    }
  }

  @Test func aFileIsRead() throws {
    let path = try file(
      #"{"version": "x", "options": {"a": 9007199254740993, "b": 0.5, "c": [true, null, "t"]}}"#)
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(
      try ConfigFile.read(path).options == [
        "a": .integer(9_007_199_254_740_993), "b": .number(0.5),
        "c": .array([.bool(true), .null, .string("t")]),
      ])
  }

  /// A file that says whose it is has what says nothing to another command passed over; one that does not
  /// may be the command's own. It is read once.
  @Test(arguments: [("sweep", 1), (nil, 3)])
  func aFileThatNamesNoCommandGivesACommandItsOwnOptions(of: String?, threads: Int) throws {
    let config = ConfigFile(
      command: of, options: ["threads": 3, "hidden": 5, "vary": ["clip=none,1"], "seeds": "4"])
    let readings = Readings()
    let parser = ArgumentParser(
      command: .plan,
      readConfig: { path in
        readings.count += 1
        return config
      })
    guard
      case .arguments(let arguments) = try parser.parse(["--config", "c.json", "--threads", "1"])
    else { return }
    #expect(arguments[.hidden] == 5 && arguments[.threads] == 1 && readings.count == 1)
    guard case .arguments(let own) = try parser.parse(["--config", "c.json"]) else { return }
    #expect((own.isFrom("c.json", "threads") ? own[.threads] : 1) == threads)
    #expect(own.notices.count == 1 && own.notices[0].hasPrefix("--vary of c.json says nothing"))
  }

  /// The readings of a file, which go one after the other.
  private final class Readings: @unchecked Sendable { var count = 0 }

  @Test(arguments: [
    ("{", FileProblem.badJSON(byteOffset: 1)), ("\u{0}\u{1}", .binary(byteOffset: 0)),
    (#"{"options": {"a": 1}} x"#, .badJSON(byteOffset: 22)),
    (#"{"options": {"a": 1, "a": 2}}"#, .duplicateKey("a")),
    (String(repeating: "[", count: 100_000), .nestingTooDeep(limit: 64)),
  ])
  func whatIsNotJSONIsRefused(content: String, expected: FileProblem) throws {
    let path = try file(content)
    defer { try? FileManager.default.removeItem(atPath: path) }
    do {
      _ = try ConfigFile.read(path)
      Issue.record("accepted")
    } catch FileError.malformed(path, _, let problem) {
      #expect(problem == expected)
    }
  }

  @Test(arguments: ["[]", "3", "{}", #"{"options": []}"#])
  func whatHasNoOptionsIsRefused(content: String) throws {
    let path = try file(content)
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(throws: ConfigFileError.noOptions(path: path)) { try ConfigFile.read(path) }
  }

  @Test func missingAndEmptyFilesFoldersAndDevicesAreRefused() throws {
    let empty = try file("")
    defer { try? FileManager.default.removeItem(atPath: empty) }
    #expect(throws: FileError.empty(path: empty)) { try ConfigFile.read(empty) }
    #expect(throws: FileError.missing(path: "/nowhere/c.json")) {
      try ConfigFile.read("/nowhere/c.json")
    }
    #expect(throws: FileError.isDirectory(path: "/")) { try ConfigFile.read("/") }
    #expect(throws: FileError.notRegularFile(path: "/dev/zero")) {
      try ConfigFile.read("/dev/zero")
    }
  }

  private func file(_ content: String) throws -> String {
    let path = NSTemporaryDirectory() + "/unroll-config-\(UUID().uuidString).json"
    try content.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }
}
