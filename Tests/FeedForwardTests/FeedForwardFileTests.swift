import Testing
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollTestSupport

@testable import UnrollFeedForward

/// What the names and shapes in a file say of a network.
struct FeedForwardFileTests {
  /// Linear layers 3 → 4 → 4 → 2 and normalizations of 4 at these numbers.
  private func model(
    linear: [Int], norms: [Int] = [], slopes: [Int] = [], prefix: String = "",
    metadata: [String: String] = ["activation": "relu"]
  ) throws -> (folder: TemporaryFolder, path: String) {
    let folder = try TemporaryFolder()
    var writer = SafetensorsWriter(requireFinite: true)
    writer.metadata = metadata
    func append(_ name: String, _ shape: [Int]) {
      let count = shape.reduce(1, *)
      writer.append(prefix + name, shape: shape, (0..<count).map { Double($0 + 1) / 10 })
    }
    let sizes = [3, 4, 4, 2].suffix(linear.count + 1)
    for (place, number) in linear.enumerated() {
      let (inputs, outputs) = (sizes[sizes.startIndex + place], sizes[sizes.startIndex + place + 1])
      append("\(number).weight", [outputs, inputs])
      append("\(number).bias", [outputs])
    }
    for number in norms {
      for name in ["weight", "bias", "running_mean", "running_var"] {
        append("\(number).\(name)", [4])
      }
    }
    for number in slopes { append("\(number).weight", [1]) }
    try writer.write(to: folder("model.safetensors"))
    return (folder, folder("model.safetensors"))
  }

  private func layers(
    linear: [Int], norms: [Int] = [], slopes: [Int] = [], prefix: String = "",
    hasReadout: Bool = true, metadata: [String: String] = ["activation": "relu"]
  ) throws -> [String] {
    let (folder, path) = try model(
      linear: linear, norms: norms, slopes: slopes, prefix: prefix, metadata: metadata)
    defer { withExtendedLifetime(folder) {} }
    let file = try FeedForwardFile(path: path, hasReadout: hasReadout)
    #expect(file.network.outputs == (hasReadout ? 2 : nil))
    return file.network.layers.map { layer in
      switch layer.normalization?.place {
      case nil: "\(layer.function)"
      case .beforeActivation: "norm, \(layer.function)"
      case .afterActivation: "\(layer.function), norm"
      }
    }
  }

  @Test func gapsAreActivations() throws {
    #expect(try layers(linear: [0, 2, 4]) == ["relu", "relu"])
    #expect(try layers(linear: [1, 4, 5], prefix: "model.net.") == ["relu", "identity"])
    #expect(try layers(linear: [0, 2, 4], slopes: [1, 3]) == ["prelu", "prelu"])
    #expect(try layers(linear: [0, 2, 4], hasReadout: false) == ["relu", "relu", "relu"])
  }

  /// Layers of an `nn.ModuleList`, or of a linear network.
  @Test func withoutGapsANamedActivationIsEverywhere() throws {
    let linear: [String: String] = [:]
    #expect(try layers(linear: [0, 1, 2]) == ["relu", "relu"])
    #expect(try layers(linear: [0, 1, 2], hasReadout: false) == ["relu", "relu", "relu"])
    #expect(try layers(linear: [0, 1, 2], metadata: linear) == ["identity", "identity"])
    #expect(
      try layers(linear: [0, 2, 4], norms: [1, 3], metadata: linear)
        == ["norm, identity", "norm, identity"])
    let (folder, path) = try model(linear: [0, 1, 2], metadata: linear)
    defer { withExtendedLifetime(folder) {} }
    #expect(try FeedForwardFile(path: path).notices.count == 1)
  }

  @Test func placesOfNormalizationsShowInTheNumbers() throws {
    #expect(try layers(linear: [0, 3, 5], norms: [1]) == ["norm, relu", "relu"])
    #expect(try layers(linear: [0, 3, 5], norms: [2]) == ["relu, norm", "relu"])
    #expect(try layers(linear: [0, 3, 4], norms: [1], slopes: [2]) == ["norm, prelu", "identity"])
    #expect(try layers(linear: [0, 3, 4], norms: [2], slopes: [1]) == ["prelu, norm", "identity"])
  }

  /// Linear, ?, BatchNorm1d, ?, Linear.
  @Test func twoGapsAroundANormalizationAreSaid() throws {
    let (folder, path) = try model(linear: [0, 4, 6], norms: [2])
    defer { withExtendedLifetime(folder) {} }
    let file = try FeedForwardFile(path: path)
    #expect(file.network.layers[0].normalization?.place == .afterActivation)
    #expect(file.notices.count == 1 && file.notices[0].contains("before and behind '2'"))
  }

  @Test func valuesStandWhereTheyBelong() throws {
    let (folder, path) = try model(linear: [0, 3, 5], norms: [1])
    defer { withExtendedLifetime(folder) {} }
    let file = try FeedForwardFile(path: path)
    #expect(file.network.inputs == 3 && file.network.widths == [4, 4])
    #expect(file.parameters["layers.0.weight"][3, 2] == 1.2)
    #expect(file.parameters["norms.0.weight"].values == [0.1, 0.2, 0.3, 0.4])
    #expect(file.statistics["norms.0.running_var"].values == [0.1, 0.2, 0.3, 0.4])
    #expect(file.parameters["head.weight"][1, 3] == 0.8)
  }

  @Test func theActivationMustBeKnown() throws {
    let (folder, path) = try model(linear: [0, 2], metadata: [:])
    defer { withExtendedLifetime(folder) {} }
    #expect(throws: FeedForwardFileError.noActivation(path: path, module: "0")) {
      try FeedForwardFile(path: path)
    }
    let file = try FeedForwardFile(path: path, activation: .tanh)
    #expect(file.activation == .tanh && file.savedActivation == nil)
    #expect(throws: FeedForwardFileError.slopeMissing(path: path)) {
      try FeedForwardFile(path: path, activation: .prelu)
    }
    // Without a gap nothing is asked for.
    let (plain, line) = try model(linear: [0, 1], metadata: [:])
    defer { withExtendedLifetime(plain) {} }
    #expect(try FeedForwardFile(path: line).activation == nil)
  }

  @Test func epsilonIsOfTheMetadata() throws {
    let (folder, path) = try model(
      linear: [0, 3], norms: [1], metadata: ["activation": "relu", "batch_norm_eps": "0.01"])
    defer { withExtendedLifetime(folder) {} }
    #expect(try FeedForwardFile(path: path).network.layers[0].normalization?.epsilon == 0.01)
    let (other, wrong) = try model(
      linear: [0, 3], norms: [1], metadata: ["activation": "relu", "batch_norm_eps": "-1"])
    defer { withExtendedLifetime(other) {} }
    #expect(throws: FileError.self) { try FeedForwardFile(path: wrong) }
  }
}
