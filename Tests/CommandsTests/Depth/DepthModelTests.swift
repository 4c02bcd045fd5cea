import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands

/// `unroll depth --model`: a network of PyTorch's on a batch of its own data.
struct DepthModelTests {
  /// The batch's mean of the norms of autograd's gradients by the layers' outputs
  /// (tools/reference/sequential.py). Tolerance: some 10 sums of rounding errors of 2.2e-16.
  @Test(arguments: [
    ("widths", ["--activation", "tanh"], 7.0), ("normalized", [], 7),
    ("normalized-running", ["--statistics", "running"], 7), ("normalized-after", [], 7),
    ("slopes", [], 1), ("features", ["--readout", "none"], 7),
  ])
  func givesAutogradsNorms(_ name: String, options: [String], factor: Double) throws {
    let workspace = try Workspace()
    let outcome = workspace.run(
      [
        "depth", "--model", Self.golden("\(name)-model"), "--inputs",
        Self.golden("\(name)-batch"), "--out", workspace("out"),
      ] + options)
    #expect(outcome.status == .done && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(outcome.output.contains("The outputs are as expected"))
    let table = try CSVTable(path: workspace("out/depth.csv"))
    let wanted = try SafetensorsFile(path: Self.golden(name))
    let measured = try table.column(named: "hidden_norm_mean")
    for (layer, mean) in measured.enumerated() {
      let gradient = try wanted.doubles("grad.hidden.\(layer)")
      let width = gradient.count / 7
      var sum = 0.0
      for row in 0..<7 {
        let part = gradient[row * width..<(row + 1) * width]
        sum += part.reduce(0) { $0 + $1 * $1 }.squareRoot()
      }
      let expected: Double = factor * sum / 7
      #expect(abs(mean - expected) <= 1e-12 * expected, "layer \(layer + 1)")
    }
    #expect(!wanted.contains("hidden.\(measured.count)"))
    let summary = try JSONValue(contentsOf: workspace("out/summary.json"))
    let loss = try wanted.doubles("loss")[0]
    let found = summary["stacks"]?.array?.first?["loss"]
    if name == "slopes" {
      #expect(found?.isNull == true)
    } else {
      #expect(abs((found?.double ?? .nan) - loss) <= 1e-12 * loss)
    }
    for file in ["depth.svg", "depth.png", "config.json"] {
      #expect(FileManager.default.fileExists(atPath: workspace("out/\(file)")))
    }
    // What config.json records makes the run again.
    let again = workspace.run([
      "depth", "--config", workspace("out/config.json"), "--out", workspace("again"),
    ])
    #expect(again.status == .done, "\(again.errors)")
    #expect(try workspace.isSameFile("out/depth.csv", "again/depth.csv"))
  }

  @Test func configHasWhatWasMeasured() throws {
    let workspace = try Workspace()
    _ = workspace.run([
      "depth", "--model", Self.golden("widths-model"), "--inputs", Self.golden("widths-batch"),
      "--out", workspace("out"),
    ])
    let config = try JSONValue(contentsOf: workspace("out/config.json"))
    let options = try #require(config["options"]?.object)
    #expect(options["activation"] == .string("tanh"))
    #expect(Set(options.keys) == ["model", "inputs", "activation", "readout"])
  }

  static func golden(_ name: String) -> String {
    TemporaryRuns.golden("Sequential/\(name)", of: "FeedForwardTests")
  }
}

/// What does not fit is refused in one line, before a folder is made.
struct DepthModelRefusalTests {
  private let workspace: Workspace
  private typealias Tensor = (name: String, shape: [Int])
  private static let mlp: [Tensor] = [
    ("0.weight", [4, 3]), ("0.bias", [4]), ("2.weight", [2, 4]), ("2.bias", [2]),
  ]

  init() throws { workspace = try Workspace() }

  private var words: [String] {
    [
      "depth", "--model", workspace("model.safetensors"), "--inputs",
      workspace("batch.safetensors"),
    ]
  }

  /// Writes tensors of 0.1, 0.2, …, or of 0, 1, 0, … where `integers` names them.
  private func write(
    _ name: String, _ tensors: [Tensor], integers: Set<String> = [], infinite: String? = nil,
    metadata: [String: String] = ["activation": "relu"]
  ) throws {
    var writer = SafetensorsWriter(requireFinite: false)
    writer.metadata = metadata
    for (name, shape) in tensors {
      let count = shape.reduce(1, *)
      if integers.contains(name) {
        writer.append(name, shape: shape, (0..<count).map { $0 % 2 })
      } else {
        var values = (0..<count).map { Double($0 + 1) / 10 }
        if name == infinite { values[1] = .infinity }
        writer.append(name, shape: shape, values)
      }
    }
    try writer.write(to: workspace(name))
  }

  private func expect(
    _ options: [String] = [], _ status: UnrollCommandLine.ExitStatus = .failed,
    saying parts: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) {
    workspace.expectRefusal(
      words + options, status, saying: parts, sourceLocation: sourceLocation)
  }

  private func expectModel(
    _ tensors: [Tensor], integers: Set<String> = [], infinite: String? = nil,
    metadata: [String: String] = ["activation": "relu"], saying parts: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try write("batch.safetensors", [("x", [5, 3]), ("y", [5, 2])])
    try write(
      "model.safetensors", tensors, integers: integers, infinite: infinite, metadata: metadata)
    workspace.expectRefusal(words, .failed, saying: parts, sourceLocation: sourceLocation)
  }

  private func expectBatch(
    _ tensors: [Tensor], integers: Set<String> = [], infinite: String? = nil,
    saying parts: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try write("model.safetensors", Self.mlp)
    try write("batch.safetensors", tensors, integers: integers, infinite: infinite)
    workspace.expectRefusal(words, .failed, saying: parts, sourceLocation: sourceLocation)
  }

  @Test func otherModules() throws {
    try expectModel(
      [("0.weight", [4, 1, 3, 3])] + Self.mlp.dropFirst(), saying: "'0.weight'", "convolution")
    try expectModel(
      Self.mlp + [("1.weight", [4]), ("1.bias", [4])], saying: "'1.weight'", "nn.LayerNorm")
    try expectModel(Self.mlp + [("1.weight", [4])], saying: "'1.weight'", "one slope")
    try expectModel(
      [("weight_ih_l0", [4, 3]), ("weight_hh_l0", [4, 4])], saying: "weight_ih_l0", "unroll decay")
    try expectModel(
      [("0.parametrizations.weight.original0", [4, 1])] + Self.mlp.dropFirst(),
      saying: "computed from others")
    try expectModel(Self.mlp, integers: ["2.weight"], saying: "'2.weight'", "quantized")
    try expectModel(Self.mlp + [("2.scale", [2])], saying: "'2.scale'", "none of nn.Linear")
  }

  @Test func otherNames() throws {
    try expectModel(
      [("fc1.weight", [4, 3]), ("fc2.weight", [2, 4])],
      saying: "nn.Sequential(model.fc1, nn.ReLU(), model.fc2).state_dict()")
    try expectModel(
      [("head.weight", [2, 4]), ("net.0.weight", [4, 3])],
      saying: "nn.Sequential(*model.net, model.head).state_dict()")
    try expectModel(
      [("0.0.weight", [4, 3]), ("1.0.weight", [4, 4]), ("2.weight", [2, 4])],
      saying: "nn.Sequential(*model[0], *model[1], model[2]).state_dict()")
  }

  @Test func shapesThatDoNotFollow() throws {
    try expectModel(
      Self.mlp.prefix(2) + [("2.weight", [2, 5])],
      saying: "'2.weight' has the shape [2, 5]; accepted: [outputs, 4], since '0' gives 4")
    try expectModel(
      Self.mlp.map { $0.name == "0.bias" ? (name: "0.bias", shape: [3]) : $0 },
      saying: "'0.bias' has the shape [3]; accepted: [4]")
    try expectModel(
      Self.mlp + [("1.running_mean", [3]), ("1.running_var", [3])],
      saying: "'1.running_mean' has the shape [3]; accepted: [4]")
    try expectModel(
      [
        ("0.running_mean", [3]), ("0.running_var", [3]), ("1.weight", [4, 3]),
        ("3.weight", [2, 4]),
      ],
      saying: "'0' stands before the first nn.Linear")
    try expectModel(
      Self.mlp + [("3.running_mean", [2]), ("3.running_var", [2])],
      saying: "'3' follows the last nn.Linear", "--readout none")
    try expectModel([("0.weight", [2, 3])], saying: "one nn.Linear alone", "--readout none")
    try expectModel(
      Self.mlp + [("1.running_mean", [4])], saying: "no tensor '1.running_var'")
  }

  @Test func valuesAndMetadata() throws {
    try expectModel(Self.mlp, infinite: "2.weight", saying: "'2.weight': element 1 is not finite")
    try expectModel(
      Self.mlp, metadata: [:], saying: "does not say the activation behind '0'",
      "--activation NAME")
    try expectModel(
      Self.mlp, metadata: ["activation": "swoosh"], saying: "metadata 'activation' 'swoosh'")
    try expectModel(
      Self.mlp.dropLast(), metadata: ["activation": "relu", "2.bias": "0.bias"],
      saying: "'2.bias' and '0.bias' are one tensor")
  }

  @Test func batches() throws {
    try expectBatch(
      [("x", [5, 4]), ("y", [5, 2])], saying: "'x' has the shape [5, 4]; accepted: [B, 3]")
    try expectBatch(
      [("x", [5, 1, 3]), ("y", [5, 2])], saying: "'x' has the shape [5, 1, 3]; accepted: [B, 3]")
    try expectBatch([("x", [5, 3]), ("y", [4, 2])], saying: "accepted: [5, 2], or integers [5]")
    try expectBatch(
      [("x", [5, 3]), ("y", [5, 2])], integers: ["y"], saying: "accepted: integers [5]")
    try expectBatch([("x", [5, 3]), ("g", [5, 3])], saying: "'g' has the shape [5, 3]")
    try expectBatch([("x", [5, 3])], saying: "no array 'y'", "'g'")
    try expectBatch([("x", [5, 3]), ("y", [5, 2]), ("g", [5, 2])], saying: "exclude each other")
    try expectBatch(
      [("x", [5, 3]), ("y", [5, 2])], integers: ["x"], saying: "'x' holds integers")
    try expectBatch([("x", [0, 3]), ("y", [0, 2])], saying: "'x' is empty")
    try expectBatch(
      [("x", [5, 3]), ("y", [5, 2])], infinite: "x", saying: "'x': element 1 is not finite")
    try expectBatch(
      [("x", [5, 3]), ("y", [5, 2])], infinite: "y", saying: "'y': element 1 is not finite")
    try expectBatch(
      [("x", [5, 3]), ("y", [5, 2]), ("outputs", [5, 2])], saying: "differ from 'outputs'",
      "at row")
  }

  @Test func classes() throws {
    try write("model.safetensors", Self.mlp)
    var writer = SafetensorsWriter(requireFinite: true)
    writer.append("x", shape: [2, 3], [1.0, 2, 3, 4, 5, 6])
    writer.append("y", shape: [2], [0, 2])
    try writer.write(to: workspace("batch.safetensors"))
    expect(saying: "'y' has the class 2; accepted: 0 to 1")
    try write(
      "model.safetensors", Self.mlp.prefix(2) + [("2.weight", [1, 4]), ("2.bias", [1])])
    expect(saying: "one output", "BCEWithLogitsLoss")
  }

  @Test func options() throws {
    try write("model.safetensors", Self.mlp)
    try write("batch.safetensors", [("x", [1, 3]), ("y", [1, 2])])
    expect(["--activation", "tanh"], .usage, saying: "relu, which the file says")
    expect(["--statistics", "running"], .usage, saying: "without batch normalization")
    for option in ["--layers 3", "--width 4", "--stacks relu", "--steps 5", "--seed 2"] {
      let parts = option.split(separator: " ").map(String.init)
      expect(parts, .usage, saying: "--model and \(parts[0]) exclude each other")
    }
    try write(
      "model.safetensors", Self.mlp + [("1.running_mean", [4]), ("1.running_var", [4])],
      metadata: [:])
    expect([], .usage, saying: "2 rows or more", "--statistics running")
    try write("model.safetensors", Self.mlp + [("1.weight", [1])], metadata: [:])
    expect(["--activation", "relu"], .usage, saying: "left out", "nn.PReLU")
    workspace.expectRefusal(
      ["depth", "--model", workspace("model.safetensors")], .usage, saying: ["--inputs FILE"])
    workspace.expectRefusal(
      ["depth", "--inputs", workspace("batch.safetensors")], .usage, saying: ["without --model"])
    workspace.expectRefusal(
      ["depth", "--activation", "maxout"], .usage, saying: ["maxout is for stacks"])
  }

  @Test func filesOfOtherKinds() throws {
    try write("batch.safetensors", [("x", [5, 3]), ("y", [5, 2])])
    let pickle = try workspace.file("model.pt", [0x80, 0x02, 0x7D])
    workspace.expectRefusal(
      ["depth", "--model", pickle, "--inputs", workspace("batch.safetensors")], .failed,
      saying: ["a Python pickle", "convert it"])
  }

  @Test func whatIsNotFiniteIsSaid() throws {
    var writer = SafetensorsWriter(requireFinite: true)
    writer.metadata["activation"] = "relu"
    writer.append("0.weight", shape: [1, 1], [1e200])
    writer.append("2.weight", shape: [1, 1], [1e200])
    try writer.write(to: workspace("model.safetensors"))
    try write("batch.safetensors", [("x", [1, 1]), ("y", [1, 1])])
    let outcome = workspace.run(words + ["--out", workspace("out")])
    #expect(outcome.status == .nonFinite)
    #expect(outcome.errors.count == 1 && outcome.errors[0].contains("is not finite"))
    #expect(!outcome.output.contains("is nan"))
  }

  @Test func otherArraysAreSaid() throws {
    try write("model.safetensors", Self.mlp)
    try write("batch.safetensors", [("x", [5, 3]), ("y", [5, 2]), ("labels", [5])])
    let outcome = workspace.run(words + ["--out", workspace("out")])
    #expect(outcome.status == .done)
    #expect(outcome.errors.count == 1 && outcome.errors[0].contains("'labels' is not read"))
  }
}
