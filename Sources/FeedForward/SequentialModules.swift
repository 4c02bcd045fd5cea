import UnrollFileFormats

/// The modules of an `nn.Sequential` that have tensors, as its `state_dict` names them: `0.weight`, or
/// below a prefix `net.0.weight`. Those without tensors, such as activations, are gaps in the numbers.
struct SequentialModules {
  /// A module with tensors.
  struct Module {
    enum Kind: Equatable {
      case linear(inputs: Int, outputs: Int)
      case batchNormalization(width: Int)
      case prelu
    }

    /// Its number in the `nn.Sequential`.
    let index: Int
    /// What its tensors' names begin with: `net.0.`.
    let prefix: String
    let kind: Kind

    /// `net.0`.
    var name: String { String(prefix.dropLast()) }
  }

  /// In the order in which they are applied.
  let modules: [Module]

  /// - Throws: ``FeedForwardFileError`` for tensors of anything else; `FileError` for shapes.
  init(_ file: SafetensorsFile) throws {
    for tensor in file.tensors {
      if let obstacle = Self.obstacle(tensor, in: file) {
        throw FeedForwardFileError.unsupportedTensor(
          path: file.path, tensor: tensor.name, obstacle)
      }
    }
    if let (removed, kept) = file.sharedTensors.first(where: { Place($0.removed) != nil }) {
      throw FeedForwardFileError.sharedTensor(path: file.path, removed: removed, kept: kept)
    }
    let places = file.tensors.map { Place($0.name) }
    guard Set(places.map { $0?.container }).count <= 1, !places.contains(where: { $0 == nil })
    else {
      throw FeedForwardFileError.noSequential(
        path: file.path, modules: Self.modules(of: file))
    }
    let names = Dictionary(grouping: file.tensors.map(\.name)) { Place($0) }
    modules = try places.compactMap { $0 }.inOrder.map { place in
      let kind = try Self.kind(of: place.prefix, tensors: names[place] ?? [], in: file)
      return Module(index: place.index, prefix: place.prefix, kind: kind)
    }
  }

  /// Why a tensor cannot be one of a model that is measured; nil for one that can.
  private static func obstacle(
    _ tensor: SafetensorsTensor, in file: SafetensorsFile
  ) -> FeedForwardFileError.Obstacle? {
    let name = tensor.name
    let parameter = name.split(separator: ".").last ?? ""
    if name.split(separator: ".").contains("parametrizations")
      || ["weight_g", "weight_v", "weight_u", "weight_orig"].contains(parameter)
    {
      return .reparametrized
    }
    if ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].contains(where: { parameter.hasPrefix($0) })
    {
      return .recurrent
    }
    if name.contains("_packed_params")
      || !tensor.dtype.isFloatingPoint && parameter != "num_batches_tracked"
    {
      return .quantized
    }
    if tensor.shape.count > 2 { return .convolution }
    // BatchNorm1d without running statistics looks like LayerNorm.
    let prefix = String(name.dropLast(parameter.count))
    if parameter == "weight", tensor.shape.count == 1, !file.contains(prefix + "running_mean"),
      file.contains(prefix + "bias") || tensor.shape != [1]
    {
      return .normalization
    }
    return nil
  }

  /// - Parameter present: the names of the module's tensors.
  private static func kind(
    of prefix: String, tensors present: [String], in file: SafetensorsFile
  ) throws -> Module.Kind {
    func shape(_ name: String) -> [Int]? {
      present.contains(prefix + name) ? try? file.shape(of: prefix + name) : nil
    }
    func refuseOthers(than known: [String]) throws(FeedForwardFileError) {
      if let other = present.first(where: { !known.contains(String($0.dropFirst(prefix.count))) }) {
        throw .unsupportedTensor(path: file.path, tensor: other, .unknown)
      }
    }
    if let mean = shape("running_mean"), mean.count == 1, mean[0] > 0 {
      try refuseOthers(
        than: ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"])
      for name in ["weight", "bias"] where file.contains(prefix + name) {
        try file.requireShape(mean, of: prefix + name)
      }
      try file.requireShape(mean, of: prefix + "running_var")
      return .batchNormalization(width: mean[0])
    }
    if shape("weight") == [1] {
      try refuseOthers(than: ["weight"])
      return .prelu
    }
    try refuseOthers(than: ["weight", "bias"])
    let weight = try file.shape(of: prefix + "weight")
    guard weight.count == 2, !weight.contains(0) else {
      throw FeedForwardFileError.unfitShape(
        path: file.path, tensor: prefix + "weight", accepted: "[outputs, inputs]", got: weight)
    }
    if file.contains(prefix + "bias") {
      try file.requireShape([weight[0]], of: prefix + "bias")
    }
    return .linear(inputs: weight[1], outputs: weight[0])
  }

  /// The modules that one `nn.Sequential` would have to be made of, those that are one themselves first:
  /// `net` for an `nn.Sequential` in the model, `head` for a module with tensors of its own.
  private static func modules(
    of file: SafetensorsFile
  ) -> [FeedForwardFileError.ModelPart] {
    let containers = Set(file.tensors.compactMap { Place($0.name)?.container })
    let parts = file.tensors.map { tensor -> FeedForwardFileError.ModelPart in
      if let container = Place(tensor.name)?.container,
        !containers.contains(where: { $0 != container && $0.hasPrefix(container) })
      {
        return .init(name: String(container.dropLast()), isSequential: true)
      }
      let module = tensor.name.split(separator: ".").dropLast()
      return .init(name: module.joined(separator: "."), isSequential: false)
    }
    var distinct: [FeedForwardFileError.ModelPart] = []
    for part in parts where !distinct.contains(part) { distinct.append(part) }
    return distinct.filter(\.isSequential) + distinct.filter { !$0.isSequential }
  }
}

/// A tensor's place in an `nn.Sequential`.
private struct Place: Hashable {
  /// What stands before the number: `net.`, or nothing.
  let container: String
  let index: Int

  /// Nil where no number stands before the last part of the name.
  init?(_ name: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 1, let number = parts.dropLast().last,
      number.allSatisfy({ ("0"..."9").contains($0) }), let index = Int(number)
    else { return nil }
    container = parts.dropLast(2).map { $0 + "." }.joined()
    self.index = index
  }

  /// What the names of the module's tensors begin with.
  var prefix: String { "\(container)\(index)." }
}

extension [Place] {
  /// Each module once, by its number.
  fileprivate var inOrder: [Place] { Set(self).sorted { $0.index < $1.index } }
}
