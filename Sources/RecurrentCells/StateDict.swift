import UnrollFileFormats

/// The modules in a file of tensors that are named as in a PyTorch `state_dict`.
struct StateDict {
  let file: SafetensorsFile
  private let names: Set<String>

  init(_ file: SafetensorsFile) {
    self.file = file
    names = Set(file.tensors.map(\.name))
  }

  // MARK: Recurrent layers

  /// What stands before `weight_ih_l0` in the names of the recurrent layers.
  ///
  /// - Parameter name: of their module; nil for the only one.
  func recurrentPrefix(named name: String?) throws -> String {
    let prefixes = recurrentPrefixes
    guard !prefixes.isEmpty else { throw noRecurrentLayers }
    let prefix: String
    if let name {
      guard let found = Self.module(named: name, among: prefixes) else {
        throw ModelFileError.noModule(
          path: file.path, role: .recurrent, name: name, candidates: prefixes.map(Self.shown))
      }
      prefix = found
    } else {
      guard prefixes.count == 1 else {
        throw ModelFileError.severalModules(
          path: file.path, role: .recurrent, candidates: prefixes.map(Self.shown))
      }
      prefix = prefixes[0]
    }
    try requirePlain(prefix)
    return prefix
  }

  private var recurrentPrefixes: [String] {
    let found = names.compactMap { name -> String? in
      guard
        let range = ["weight_ih_l0", "weight_hh_l0"].lazy.compactMap({ name.firstRange(of: $0) })
          .first
      else { return nil }
      return Self.modulePrefix(String(name[..<range.lowerBound]))
    }
    return Set(found).sorted()
  }

  private var noRecurrentLayers: any Error {
    if let packed = file.tensors.first(where: { $0.name.contains("_all_weight_values") }) {
      return ModelFileError.unsupportedTensor(
        path: file.path, tensor: packed.name, reason: .quantized)
    }
    let cells = file.tensors.first { $0.name == "weight_ih" || $0.name.hasSuffix(".weight_ih") }
    if let cells {
      return ModelFileError.unsupportedTensor(path: file.path, tensor: cells.name, reason: .cell)
    }
    if let layer = linearLayers.map(\.prefix).first(where: Self.isNumbered) {
      return ModelFileError.unsupportedTensor(
        path: file.path, tensor: layer + "weight", reason: .feedForward)
    }
    return file.malformed(.missingTensor("weight_ih_l0", present: file.tensors.map(\.name)))
  }

  /// Refuses recurrent layers whose weights are not simply there, or that are of another kind.
  private func requirePlain(_ prefix: String) throws(ModelFileError) {
    for tensor in file.tensors where tensor.name.hasPrefix(prefix) {
      let rest = tensor.name.dropFirst(prefix.count)
      guard
        rest.hasPrefix("weight_") || rest.hasPrefix("bias_") || rest.hasPrefix("parametrizations.")
      else { continue }
      if let reason = Self.obstacle(rest, tensor.dtype) {
        throw .unsupportedTensor(path: file.path, tensor: tensor.name, reason: reason)
      }
    }
    if let (removed, kept) = shared.first(where: { $0.removed.hasPrefix(prefix + "weight_") })
      ?? shared.first(where: { $0.removed.hasPrefix(prefix + "bias_") })
    {
      throw .sharedTensor(path: file.path, removed: removed, kept: kept)
    }
  }

  /// Why a tensor of the recurrent layers or of the readout cannot be taken; nil for one that can.
  private static func obstacle(
    _ name: Substring, _ dtype: SafetensorsDtype
  ) -> ModelFileError.Obstacle? {
    if name.hasSuffix("_reverse") { return .bidirectional }
    if name.hasPrefix("weight_hr_") { return .projected }
    if name.hasPrefix("parametrizations.") || ["_g", "_v", "_orig"].contains(where: name.hasSuffix)
    {
      return .reparametrized
    }
    return dtype.isFloatingPoint ? nil : .quantized
  }

  private var shared: [(removed: String, kept: String)] { file.sharedTensors }

  // MARK: The readout

  /// What stands before `weight` in the names of the readout, a linear layer [O, `hidden`].
  ///
  /// - Parameter inputs: I, by which an embedding is told from it.
  func readoutPrefix(
    named name: String?, hidden: Int, inputs: Int
  ) throws(ModelFileError) -> String {
    if let name { return try readoutPrefix(named: name, hidden: hidden) }
    let fitting = readouts(hidden: hidden, inputs: inputs)
    if let (removed, kept) = shared.first(where: { isWeight($0.removed, $0.kept, hidden) }) {
      throw .sharedTensor(path: file.path, removed: removed, kept: kept)
    }
    guard let first = fitting.first else {
      if let tensor = file.tensors.first(where: { Self.isReparametrizedWeight($0.name) }) {
        throw .unsupportedTensor(path: file.path, tensor: tensor.name, reason: .reparametrized)
      }
      if let tensor = quantizedReadout(hidden: hidden) {
        throw .unsupportedTensor(path: file.path, tensor: tensor, reason: .quantized)
      }
      throw .noReadout(
        path: file.path, hidden: hidden,
        present: linearLayers.map { "\(Self.shown($0.prefix)) \($0.shape.shapeText)" })
    }
    guard fitting.count == 1 else {
      throw .severalModules(path: file.path, role: .readout, candidates: fitting.map(Self.shown))
    }
    return first
  }

  private func readoutPrefix(
    named name: String, hidden: Int
  ) throws(ModelFileError) -> String {
    let prefixes = linearLayers.map(\.prefix)
    guard let prefix = Self.module(named: name, among: prefixes) else {
      let reparametrized = file.tensors.first {
        Self.isReparametrizedWeight($0.name) && $0.name.hasPrefix(name + ".")
      }
      if let reparametrized {
        throw .unsupportedTensor(
          path: file.path, tensor: reparametrized.name, reason: .reparametrized)
      }
      if let (removed, kept) = shared.first(where: { $0.removed == name + ".weight" }) {
        throw .sharedTensor(path: file.path, removed: removed, kept: kept)
      }
      throw .noModule(
        path: file.path, role: .readout, name: name,
        candidates: linearLayers.filter { $0.shape[1] == hidden }.map { Self.shown($0.prefix) })
    }
    let shape = linearLayers.first { $0.prefix == prefix }?.shape ?? []
    guard shape[1] == hidden else {
      throw .unfitShape(
        path: file.path, tensor: prefix + "weight", form: "[O, \(hidden)]", got: shape)
    }
    return prefix
  }

  /// Modules with a weight of two dimensions, sorted by name.
  private var linearLayers: [(prefix: String, shape: [Int])] {
    file.tensors.filter { $0.shape.count == 2 && $0.dtype.isFloatingPoint && !$0.shape.contains(0) }
      .compactMap { tensor in
        guard tensor.name.hasSuffix("weight") else { return nil }
        return Self.modulePrefix(String(tensor.name.dropLast("weight".count))).map {
          ($0, tensor.shape)
        }
      }.sorted { $0.0 < $1.0 }
  }

  /// The linear layers that take the hidden state. Where several do, one without a bias that gives what
  /// enters the recurrent layers is an embedding.
  private func readouts(hidden: Int, inputs: Int) -> [String] {
    let fitting = linearLayers.filter { $0.shape[1] == hidden && !Self.isNamedEmbedding($0.prefix) }
      .map(\.prefix)
    guard fitting.count > 1, inputs == hidden else { return fitting }
    let biased = fitting.filter { names.contains($0 + "bias") }
    return biased.isEmpty ? fitting : biased
  }

  private func quantizedReadout(hidden: Int) -> String? {
    file.tensors.first { tensor in
      tensor.name.contains("_packed_params")
        || tensor.name.hasSuffix(".weight") && !tensor.dtype.isFloatingPoint
          && tensor.shape.last == hidden
    }?.name
  }

  private func isWeight(_ removed: String, _ kept: String, _ hidden: Int) -> Bool {
    (removed == "weight" || removed.hasSuffix(".weight"))
      && (try? file.shape(of: kept)).map { $0.count == 2 && $0[1] == hidden } == true
  }

  private static func isReparametrizedWeight(_ name: String) -> Bool {
    name.contains("parametrizations.weight.") || name.hasSuffix(".weight_v")
      || name.hasSuffix(".weight_orig")
  }

  // MARK: An embedding before the recurrent layers

  /// The weights [V, `inputs`] of an embedding, whose vectors enter the recurrent layers. One that
  /// could as well be a layer behind them is known by its name, or by having as many rows as the
  /// readout, a row for each word.
  ///
  /// - Parameter readout: what stands before the readout's `weight`; nil without a readout.
  func embedding(inputs: Int, hidden: Int, readout: String?) -> String? {
    let words = linearLayers.first { $0.prefix == readout }?.shape[0]
    let fitting = linearLayers.filter {
      $0.prefix != readout && $0.shape[1] == inputs && !names.contains($0.prefix + "bias")
    }
    let found =
      fitting.first { Self.isNamedEmbedding($0.prefix) }
      ?? fitting.first { inputs != hidden || $0.shape[0] == words }
    return found.map { $0.prefix + "weight" }
  }

  private static func isNamedEmbedding(_ prefix: String) -> Bool {
    let name = prefix.lowercased()
    return name.contains("emb") || name.split(separator: ".").last == "wte"
  }

  // MARK: Names

  /// `text` as what stands before a tensor's own name; nil where it is part of that name.
  private static func modulePrefix(_ text: String) -> String? {
    let parametrized = "parametrizations."
    let prefix = text.hasSuffix(parametrized) ? String(text.dropLast(parametrized.count)) : text
    return prefix.isEmpty || prefix.hasSuffix(".") ? prefix : nil
  }

  /// Whether a module stands in an `nn.Sequential`: `net.0.`.
  private static func isNumbered(_ prefix: String) -> Bool {
    prefix.split(separator: ".").last.map { Int($0) != nil } ?? false
  }

  /// The one of `prefixes` that `name` names, in full or by its end.
  private static func module(named name: String, among prefixes: [String]) -> String? {
    let prefix = name == "." ? "" : name + "."
    if prefixes.contains(prefix) { return prefix }
    let ending = prefixes.filter { $0.hasSuffix("." + prefix) }
    return ending.count == 1 ? ending[0] : nil
  }

  /// A module as people name it.
  static func shown(_ prefix: String) -> String {
    prefix.isEmpty ? "." : String(prefix.dropLast())
  }
}
