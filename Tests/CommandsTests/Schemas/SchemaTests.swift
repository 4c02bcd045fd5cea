import Foundation
import Testing
import UnrollFileFormats
import UnrollLessons
import UnrollReports
import UnrollTestSupport
import UnrollText

@testable import UnrollCommandLine
@testable import UnrollCommands

/// What `--json` prints and `summary.json` holds is what `data/schemas` says, key by key in both
/// directions: a key that is in no schema fails, and so does one that no run here has.
struct SchemaTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  /// The commands whose objects are those of another, and the objects beside those of a command.
  private static let (shared, further) = (["merge": "sweep"], ["clip-surface", "lessons"])

  private static let names =
    CommandTable.all.commands
    .filter { command in command.options.contains { $0.name == "json" } }
    .map { shared[$0.name] ?? $0.name }.distinct + further

  @Test func everyCommandHasItsSchema() throws {
    let folder = Document.top.appending(path: "data/schemas").path
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(files == Self.names.map { "\($0).schema.json" }.sorted())
  }

  @Test(arguments: names) func everyKeyIsDocumentedAndNoOtherAllowed(name: String) throws {
    let schema = try JSONSchema(named: name)
    #expect(schema.root["$schema"]?.string == "https://json-schema.org/draft/2020-12/schema")
    for (path, node) in schema.nodes where !path.isEmpty && !path.hasSuffix("/*") {
      #expect(node["description"]?.string?.hasSuffix(".") == true, "\(name) \(path)")
    }
    for (path, node) in schema.nodes where node["properties"] != nil {
      #expect(node["additionalProperties"] == .bool(false), "\(name) \(path)")
      #expect(node["description"] != nil || path.hasSuffix("/*"), "\(name) \(path)")
      for key in node["required"]?.array ?? [] {
        #expect(node["properties"]?[key.string ?? ""] != nil, "\(name) \(path): \(key)")
      }
    }
  }

  /// Runs the commands and expects their output to follow the schema, and all of its keys to be there.
  ///
  /// - Parameters:
  ///   - lines: the words of a command each; those that make a run write it into a folder of their own.
  ///   - others: keys that the program does not write.
  private func expect(
    _ name: String, of lines: [[String]], hasFolder: Bool = true, except others: Set<String> = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let schema = try JSONSchema(named: name)
    var seen: Set<String> = []
    for (index, words) in lines.enumerated() {
      let folder = runs.path("\(name)-\(index)")
      let takesFolder = hasFolder && !words.contains("--out")
      let outcome = runs.run(
        words + ["--json"] + (takesFolder ? ["--quiet", "--out", folder] : []))
      let line = words.joined(separator: " ")
      #expect(
        [.done, .nonFinite].contains(outcome.status), "\(line): \(outcome.errors)",
        sourceLocation: sourceLocation)
      let check = schema.check(outcome.json)
      for fault in check.faults {
        Issue.record("\(line): \(fault)", sourceLocation: sourceLocation)
      }
      seen.formUnion(check.seen)
      guard takesFolder else { continue }
      #expect(outcome.json["folder"]?.string == folder, sourceLocation: sourceLocation)
      #expect(
        try JSONValue(contentsOf: "\(folder)/summary.json") == outcome.json, "\(line)",
        sourceLocation: sourceLocation)
    }
    let unseen = schema.keys.subtracting(seen).subtracting(others)
    #expect(unseen.isEmpty, "in no output: \(unseen.sorted())", sourceLocation: sourceLocation)
  }

  private static let small = [
    "--hidden", "3", "--batch", "2", "--steps", "4", "--threads", "1", "--eval-every", "2",
  ]

  /// Two columns, each a wave.
  private func twoColumns() throws -> String {
    let rows = (0..<40).map { "\(1900 + $0),\(($0 * $0 * 7) % 23),\(($0 * 5) % 11)" }
    return try runs.file("two.csv", "year,level,flow\n" + rows.joined(separator: "\n") + "\n")
  }

  @Test func train() throws {
    let (text, series) = (try runs.textFile(), try runs.seriesFile())
    let held = ["--validation-sequences", "4", "--test-sequences", "4"]
    let words = ["train", "adding", "--length", "5"] + Self.small + held
    let changes = Set(["after", "name", "before", "now"].map { "/changed_settings/*/\($0)" })
    let learns = ["--hidden", "8", "--batch", "20", "--learning-rate", "0.02", "--steps", "100"]
    try expect(
      "train",
      of: [
        words + ["--watch-decay", "2"],
        ["train", "adding", "--length", "2", "--eval-every", "20", "--watch-decay", "20"] + learns
          + held,
        ["train", "copy", "--length", "2", "--layers", "2", "--watch-decay", "4"] + Self.small
          + held,
        ["train", "text", "--file", text, "--window", "3"] + Self.small,
        ["train", "series", "--file", series, "--column", "level", "--window", "3"] + Self.small,
        ["train", "series", "--file", try twoColumns(), "--columns", "level,flow", "--window", "3"]
          + Self.small,
        [
          "train", "adding", "--cell", "rnn/activation=relu/init=identity:5", "--length", "300",
          "--clip", "none",
        ] + Self.small + held,
      ], except: changes)
    let folder = runs.path("train-0")
    let resumed = runs.run([
      "train", "--resume", "\(folder)/checkpoint.safetensors", "--steps", "6", "--learning-rate",
      "0.01", "--json", "--quiet",
    ])
    #expect(resumed.status == .done, "\(resumed.errors)")
    let check = try JSONSchema(named: "train").check(resumed.json)
    #expect(check.faults.isEmpty && changes.isSubset(of: check.seen))
  }

  @Test func decay() throws {
    let sizes = ["--hidden", "3", "--batch", "2"]
    let arrays = try runs.arraysFile {
      $0.append("y", shape: [5, 1], [1, 2, 3, 4, 5] as [Double])
    }
    let gradients = try runs.arraysFile("g.safetensors") {
      $0.append("g", shape: [4, 5, 4], (0..<80).map { 1 + Double($0) / 10 })
    }
    var task = ["train", "arrays", "--inputs", arrays, "--out", runs.path("model"), "--quiet"]
    task += ["--hidden", "4", "--steps", "2", "--batch", "2"]
    #expect(runs.run(task).status == .done)
    let model = runs.path("model/model.safetensors")
    let earlier = runs.run(
      ["decay", "--length", "8", "--out", runs.path("earlier"), "--quiet"] + sizes)
    #expect(earlier.status == .done)
    try expect(
      "decay",
      of: [
        ["decay", "--length", "12", "--cells", "rnn,lstm,gru", "--truncation", "1,2"] + sizes,
        [
          "decay", "--length", "12", "--layers", "2", "--seeds", "2", "--exponents", "--loss-at",
          "last",
        ] + sizes,
        ["decay", "--length", "8", "--cells", "rnn", "--remedies", "--window", "3"] + sizes,
        ["decay", "--length", "8", "--loss-at", "all"] + sizes,
        ["decay", "--length", "8", "--runs", runs.path("earlier"), "--cells", "rnn"] + sizes,
        ["decay", "--inputs", arrays, "--hidden", "3"],
        ["decay", "--model", model, "--inputs", gradients],
        [
          "decay", "--cells", "rnn/activation=relu/init=identity:9", "--length", "400", "--steps",
          "3", "--clip", "none",
        ] + sizes,
      ], except: ["/notes"])
  }

  /// The schema leaves room for sections of one's own; what else the program writes is listed in it.
  @Test func decayHasNoOtherKeysThanItsSections() throws {
    let outcome = runs.run([
      "decay", "--length", "8", "--hidden", "3", "--batch", "2", "--json", "--quiet", "--out",
      runs.path("run"),
    ])
    let keys = try #require(outcome.json.object?.keys)
    let schema = try JSONSchema(named: "decay")
    let known = Set((schema.root["properties"]?.object ?? [:]).keys)
    let sections = DecayReport.standardSections.map(\.name)
    #expect(Set(keys).subtracting(known).subtracting(sections).isEmpty)
    let own: JSONObject = ["mine": [["label": "rnn", "cell": "rnn", "seed": 1, "size": 2.5]]]
    let object = try #require(outcome.json.object)
    #expect(schema.check(.object(object + own)).faults.isEmpty)
    for value in [1, [["label": "rnn"]], [1]] as [JSONValue] {
      #expect(!schema.check(.object(object + ["mine": value])).faults.isEmpty)
    }
  }

  @Test func clip() throws {
    let small = ["--length", "4", "--seeds", "2", "--cells", "rnn"] + Self.small
    try expect(
      "clip",
      of: [
        ["clip", "adding", "--thresholds", "none,1,2x", "--norm-steps", "2"] + small,
        ["clip", "adding", "--windows", "2,4"] + small,
        [
          "clip", "text", "--file", try runs.textFile(), "--windows", "2,3", "--seeds", "1",
          "--cells",
          "rnn",
        ] + Self.small,
      ])
    try expect(
      "clip-surface",
      of: [["clip", "--surface"], ["clip", "--surface", "--thresholds", "none,0.1"]])
  }

  @Test func sweepAndMerge() throws {
    let small = ["sweep", "adding", "--length", "4", "--seeds", "2"] + Self.small
    let shards = (1...2).map { shard in
      let folder = runs.path("shard-\(shard)")
      let outcome = runs.run(
        small + ["--vary", "cell=rnn,gru", "--shard", "\(shard)/2", "--out", folder, "--quiet"])
      #expect(outcome.status == .done || outcome.status == .interrupted, "\(outcome.errors)")
      return folder
    }
    try expect(
      "sweep",
      of: [
        small + [
          "--vary", "cell=rnn,gru", "--vary", "learning-rate=0.1,0.2", "--against", "cell=rnn",
        ],
        ["sweep", "text", "--file", try runs.textFile(), "--window", "3", "--vary", "clip=none,1"]
          + Self.small + ["--seeds", "2"],
        ["merge"] + shards + ["--out", runs.path("merged")],
      ])
  }

  /// Keys of settings are those of the schema and the options that are varied, and no others.
  @Test func settingsHaveNoOtherKeysThanTheirOptions() throws {
    let outcome = runs.run(
      [
        "sweep", "adding", "--length", "4", "--seeds", "2", "--vary", "cell=rnn,gru", "--against",
        "cell=rnn", "--json", "--quiet", "--out", runs.path("s"),
      ] + Self.small)
    let schema = try JSONSchema(named: "sweep")
    for list in ["groups", "pairs"] {
      let known = schema.keys.filter { $0.hasPrefix("/\(list)/*/") }
        .map { String($0.dropFirst("/\(list)/*/".count)) }
      let objects = (outcome.json[list]?.array ?? []).compactMap(\.object)
      #expect(!objects.isEmpty)
      for object in objects {
        let options = list == "groups" ? ["cell"] : ["cell", "against_cell"]
        #expect(Set(object.keys) == Set(known + options))
      }
    }
  }

  @Test func depth() throws {
    let examples = DepthExample.allCases.map(\.rawValue)
    try expect(
      "depth",
      of: [
        ["depth", "--layers", "3", "--width", "4", "--steps", "2", "--batch", "5"],
        ["depth", "--layers", "3", "--width", "4", "--learning-rate", "1e30", "--steps", "5"],
      ] + examples.map { ["depth", "--example", $0] })
  }

  @Test func lesson() throws {
    try expect("lesson", of: [["lesson", "chain"], ["lesson", "powers", "--language", "zh"]])
    let list = runs.run(["lesson", "--json"])
    let schema = try JSONSchema(named: "lessons")
    #expect(list.status == .done)
    #expect(schema.check(list.json).faults.isEmpty)
    let course: JSONValue = [
      "outcome": "finished", "folder": "f", "run": "0123456789abcdef",
      "lessons": [["lesson": "chain", "title": "A", "folder": "f", "holds": true]],
    ]
    #expect(schema.check(course).faults.isEmpty)
  }

  @Test func predictAndEvaluate() throws {
    let arrays = try runs.arraysFile { $0.append("y", shape: [5], [0, 2, 1, 2, 0]) }
    let words = [
      ["series", "--file", try runs.seriesFile(), "--column", "level", "--window", "3"],
      ["series", "--file", try twoColumns(), "--columns", "level,flow", "--window", "3"],
      ["arrays", "--inputs", arrays],
      ["text", "--file", try runs.textFile(), "--window", "3"],
      ["adding", "--length", "5"],
    ]
    let models = words.enumerated().map { index, words in
      let folder = runs.path("model-\(index)")
      let trained = runs.run(["train"] + words + Self.small + ["--out", folder, "--quiet"])
      #expect(trained.status == .done, "\(trained.errors)")
      return "\(folder)/model.safetensors"
    }
    try expect(
      "predict",
      of: models[..<3].map { ["predict", "--model", $0] }
        + [["predict", "--model", models[0], "--file", try twoColumns()]])
    let evaluations = models.map { ["evaluate", "--model", $0] }
    try expect(
      "evaluate",
      of: evaluations + [evaluations[0] + ["--out", runs.path("evaluation")]],
      hasFolder: false)
  }

  @Test func report() throws {
    let sizes = ["--hidden", "3", "--batch", "2", "--quiet"]
    for name in ["a", "b"] {
      let made = runs.run(["decay", "--length", "5", "--out", runs.path("runs/\(name)")] + sizes)
      #expect(made.status == .done)
    }
    _ = try runs.file("runs/b/decay.csv", "label\n")
    try expect(
      "report", of: [["report", runs.path("runs"), "--out", runs.path("page.html")]],
      hasFolder: false)
  }

  @Test func check() throws {
    let words = ["check", "--hidden", "2", "--length", "2", "--layers", "1", "--quiet"]
    try expect("check", of: [words, words + ["--out", runs.path("check")]], hasFolder: false)
    let again = runs.run(words + ["--json", "--out", runs.path("again")])
    #expect(try JSONValue(contentsOf: runs.path("again/summary.json")) == again.json)
  }

  @Test func cellsAndTasks() throws {
    try expect("cells", of: [["cells"]], hasFolder: false)
    try expect("tasks", of: [["tasks"], ["tasks", "--length", "1"]], hasFolder: false)
  }

  @Test func sample() throws {
    let model = runs.train("text", ["--file", try runs.textFile(), "--window", "3"]).model
    let words = ["sample", "--model", model, "--characters", "5"]
    try expect("sample", of: [words, words + ["--temperature", "0"]], hasFolder: false)
  }

  @Test func export() throws {
    let words = ["--length", "5", "--sequences", "2", "--out", runs.path("a.npz")]
    try expect(
      "export", of: [["export", "adding"] + words, ["export", "copy"] + words], hasFolder: false)
  }

  @Test func planBenchAndInfo() throws {
    try expect("info", of: [["info"]], hasFolder: false)
    let shape = [
      "--length", "4", "--batch", "2", "--input", "2", "--hidden", "3", "--cells", "rnn,lstm",
      "--budget", "0.001", "--threads", "1",
    ]
    try expect(
      "bench",
      of: [
        [], ["--precision", "double"], ["--subnormals"], ["--observer"],
        ["--recompute", "every:2"],
      ]
      .map { ["bench"] + shape + $0 }, hasFolder: false)
    try expect(
      "plan",
      of: [
        [
          "plan", "--ranks", "2", "--length", "5", "--hidden", "3", "--batch", "4", "--budget",
          "0.001",
          "--bandwidth", "10Gbit/s", "--latency", "50us",
        ]
      ], hasFolder: false)
  }
}
