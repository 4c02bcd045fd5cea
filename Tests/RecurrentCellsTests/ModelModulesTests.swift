import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollRecurrentCells

/// Which tensors of a file are the model, and which files are none.
@Suite struct ModelModulesTests {
  private let path = NSTemporaryDirectory() + "modules-\(UUID().uuidString).safetensors"

  private func write(
    _ tensors: [(String, [Int])], integers: [(String, [Int])] = [],
    metadata: [String: String] = [:]
  ) throws {
    var writer = SafetensorsWriter(requireFinite: true)
    writer.metadata = metadata
    for (name, shape) in tensors {
      writer.append(name, shape: shape, Array(repeating: 0.5, count: shape.reduce(1, *)))
    }
    for (name, shape) in integers {
      writer.append(name, shape: shape, Array(repeating: 1, count: shape.reduce(1, *)) as [Int])
    }
    try writer.write(to: path)
  }

  /// An LSTM of 3 inputs and 3 units: an embedding's vectors are as wide as its states.
  private func lstm(_ name: String = "lstm") -> [(String, [Int])] {
    [("\(name).weight_ih_l0", [12, 3]), ("\(name).weight_hh_l0", [12, 3])]
  }

  private func error(_ modules: ModelModules = ModelModules()) -> ModelFileError? {
    #expect(throws: ModelFileError.self) { try ModelFile(path: path, modules: modules) }
  }

  private func remove() { try? FileManager.default.removeItem(atPath: path) }

  @Test func anEmbeddingIsNoReadout() throws {
    defer { remove() }
    for (embedding, readout) in [
      ("embedding.weight", ["fc.weight"]), ("word_emb.weight", ["fc.weight", "fc.bias"]),
      // Neither name says so: the readout has a bias, and a row for each word.
      ("encoder.weight", ["decoder.weight", "decoder.bias"]),
    ] {
      try write(
        lstm() + [(embedding, [9, 3])] + readout.map { ($0, $0.hasSuffix("bias") ? [9] : [9, 3]) })
      let file = try ModelFile(path: path)
      #expect(file.embedding == embedding && file.unusedTensors == [embedding])
      #expect(file.modules.readout == .named(String(readout[0].dropLast(".weight".count))))
      try file.requireWhole()
    }
    // Without a bias either may be it.
    try write(lstm() + [("encoder.weight", [9, 3]), ("decoder.weight", [9, 3])])
    #expect(
      error() == .severalModules(path: path, role: .readout, candidates: ["decoder", "encoder"]))
  }

  @Test func severalCandidatesAreListedAndNamed() throws {
    defer { remove() }
    try write(
      lstm() + [
        ("net.a.weight", [2, 3]), ("net.a.bias", [2]), ("net.b.weight", [5, 3]),
        ("net.b.bias", [5]), ("net.c.weight", [5, 4]), ("norm.weight", [3]),
      ])
    #expect(error() == .severalModules(path: path, role: .readout, candidates: ["net.a", "net.b"]))
    #expect(error()?.description.contains("net.c") == false)
    for name in ["net.b", "b"] {
      let file = try ModelFile(path: path, modules: ModelModules(readout: .named(name)))
      #expect(file.configuration.target == .values(5))
      #expect(file.modules == ModelModules(recurrent: "lstm", readout: .named("net.b")))
    }
    #expect(
      error(ModelModules(readout: .named("d")))
        == .noModule(path: path, role: .readout, name: "d", candidates: ["net.a", "net.b"]))
    #expect(
      error(ModelModules(readout: .named("c")))
        == .unfitShape(path: path, tensor: "net.c.weight", form: "[O, 3]", got: [5, 4]))
  }

  @Test func recurrentModulesAreNamed() throws {
    defer { remove() }
    try write(
      lstm("net.encoder") + [
        ("net.decoder.weight_ih_l0", [9, 3]), ("net.decoder.weight_hh_l0", [9, 3]),
      ]
        + [("fc.weight", [2, 3])])
    let candidates = ["net.decoder", "net.encoder"]
    #expect(error() == .severalModules(path: path, role: .recurrent, candidates: candidates))
    #expect(error()?.description.contains("'g' (out.grad)") == true)
    #expect(
      error(ModelModules(recurrent: "coder"))
        == .noModule(path: path, role: .recurrent, name: "coder", candidates: candidates))
    let file = try ModelFile(path: path, modules: ModelModules(recurrent: "decoder"))
    #expect(file.specification.kind == .gru && file.modules.recurrent == "net.decoder")
    #expect(throws: ModelFileError.self) { try file.requireWhole() }
    try write([("weight_ih_l0", [3, 2]), ("weight_hh_l0", [3, 3])] + lstm("next"))
    let top = ModelModules(recurrent: ".", readout: .none)
    #expect(try ModelFile(path: path, modules: top).specification.kind == .rnn)
  }

  @Test func aModelWithoutAReadoutEndsWithItsStates() throws {
    defer { remove() }
    try write(lstm() + [("fc.weight", [2, 3]), ("other.weight", [2, 3])])
    let file = try ModelFile(path: path, modules: ModelModules(readout: .none))
    #expect(!file.configuration.hasReadout && file.configuration.target == .values(0))
    #expect(!file.parameters.layout.entries.contains { $0.name.hasPrefix("head.") })
    #expect(file.modules.readout == .none)
  }

  @Test(arguments: [
    ([("lstm.weight_hr_l0", [2, 3])], ModelFileError.Obstacle.projected),
    ([("lstm.weight_hh_l0_reverse", [12, 3])], .bidirectional),
    ([("lstm.weight_hh_l0_g", [12, 1]), ("lstm.weight_hh_l0_v", [12, 3])], .reparametrized),
    ([("lstm.parametrizations.weight_hh_l0.original0", [12, 1])], .reparametrized),
    ([("lstm.weight_ih_l0_orig", [12, 3])], .reparametrized),
  ])
  func layersThatAreNotPlainAreRefused(
    _ tensors: [(String, [Int])], _ obstacle: ModelFileError.Obstacle
  ) throws {
    defer { remove() }
    try write(lstm() + tensors + [("fc.weight", [2, 3])])
    // Whatever stands behind them.
    for readout in [ModelModules.Readout.only, .none] {
      let found = error(ModelModules(readout: readout))
      guard case .unsupportedTensor(path, let tensor, let reason)? = found else {
        Issue.record("\(String(describing: found))")
        continue
      }
      #expect(reason == obstacle && tensors.contains { $0.0 == tensor })
      #expect(found?.description.contains("\n") == false)
    }
  }

  @Test func aReadoutThatIsNotPlainIsRefusedAlone() throws {
    defer { remove() }
    for tensors in [
      [("fc.weight_g", [2, 1]), ("fc.weight_v", [2, 3])],
      [("fc.parametrizations.weight.original0", [2, 1])],
    ] {
      try write(lstm() + tensors)
      for readout in [ModelModules.Readout.only, .named("fc")] {
        guard
          case .unsupportedTensor(_, _, .reparametrized)? = error(ModelModules(readout: readout))
        else {
          Issue.record("\(tensors)")
          continue
        }
      }
      #expect(error()?.description.contains("'g' (out.grad)") == true)
      #expect(throws: Never.self) {
        try ModelFile(path: path, modules: ModelModules(readout: .none))
      }
    }
    try write(lstm(), integers: [("fc.weight", [2, 3])])
    #expect(
      error() == .unsupportedTensor(path: path, tensor: "fc.weight", reason: .quantized))
    try write([("lstm.weight_ih_l0", [12, 3])], integers: [("lstm.weight_hh_l0", [12, 3])])
    #expect(
      error() == .unsupportedTensor(path: path, tensor: "lstm.weight_hh_l0", reason: .quantized))
  }

  /// What `save_model` leaves out is in the metadata, under the name that was kept.
  @Test func sharedTensorsAreRefused() throws {
    defer { remove() }
    try write(lstm() + [("embedding.weight", [9, 3])], metadata: ["fc.weight": "embedding.weight"])
    #expect(error() == .sharedTensor(path: path, removed: "fc.weight", kept: "embedding.weight"))
    #expect(throws: Never.self) { try ModelFile(path: path, modules: ModelModules(readout: .none)) }
    // A bias that is not there would be zero.
    try write(
      lstm() + [("lstm.bias_ih_l0", [12]), ("fc.weight", [2, 3])],
      metadata: ["lstm.bias_hh_l0": "lstm.bias_ih_l0"])
    for readout in [ModelModules.Readout.only, .none] {
      #expect(
        error(ModelModules(readout: readout))
          == .sharedTensor(path: path, removed: "lstm.bias_hh_l0", kept: "lstm.bias_ih_l0"))
    }
  }

  @Test func singleCellsAreToldTheirNames() throws {
    defer { remove() }
    try write([("cell.weight_ih", [12, 3]), ("cell.weight_hh", [12, 3]), ("fc.weight", [2, 3])])
    #expect(error() == .unsupportedTensor(path: path, tensor: "cell.weight_ih", reason: .cell))
    #expect(error()?.description.contains("k + '_l0'") == true)
  }

  @Test func feedForwardNetworksAreSentToTheirCommand() throws {
    defer { remove() }
    try write([("net.0.weight", [4, 3]), ("net.2.weight", [2, 4])])
    #expect(
      error() == .unsupportedTensor(path: path, tensor: "net.0.weight", reason: .feedForward))
    #expect(error()?.description.contains("unroll depth --model") == true)
  }
}
