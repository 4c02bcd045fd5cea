import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization

/// A model's weights in a safetensors file, as Unroll writes them or as a PyTorch `state_dict` has
/// them: any prefix before `weight_ih_l0`, one linear layer [O, H] of any name for the readout, missing
/// biases zero. Sizes follow from the shapes; metadata says what they do not (cell, activation, one-hot
/// inputs). ``ModelModules`` names the modules where a file has several.
///
/// A cell of your own is written and read under its name, with its ``Cell/constants``:
///
///     try ModelFile.write(parameters, model: RecurrentModel(cell: MyCell(), configuration), to: path)
///     let file = try ModelFile(path: path, cells: [MyCell()])
public struct ModelFile: Sendable {
  /// Where the file is.
  public let path: String
  /// The cell, with its activation.
  public let specification: CellSpecification
  /// Sizes, kinds of inputs and targets, and whether the initial state is learned.
  public let configuration: ModelConfiguration
  /// All of the file's metadata: task, vocabulary and scaling among it.
  public let metadata: [String: String]
  /// In Float64, whatever the file has.
  public let parameters: Parameters<Double>
  /// The modules that were read, by their full names; `.named` or `.none` for the readout.
  public let modules: ModelModules
  /// Tensors that are not part of the model, in the file's order: those of other layers, or of a
  /// second model.
  public let unusedTensors: [String]
  /// The weight of the embedding whose vectors enter the model, one of ``unusedTensors``; nil without
  /// one.
  public let embedding: String?
  /// Whether neither file nor caller named the activation of an `rnn`, so that tanh was taken.
  public let assumesActivation: Bool

  /// The model that the file holds the parameters of.
  public var model: RecurrentModel { RecurrentModel(specification, configuration) }

  /// The cell as it was asked for, with its initializers, where the metadata say so; otherwise as the
  /// weights show it.
  package var cellAsAsked: CellSpecification {
    let asked = metadata["cell"].flatMap {
      try? CellSpecification(parsing: $0, cells: [specification.kind])
    }
    return asked ?? specification
  }

  /// Reads a model.
  ///
  /// The cell is the one that the metadata names. A file without that, such as a PyTorch
  /// `state_dict`, holds the cell that has as many gates; where several have, `cell` must name it.
  ///
  /// - Parameters:
  ///   - activation: the activation of an `rnn` whose file does not name it; tanh when nil.
  ///   - targetIsClasses: whether the readout's outputs stand for classes, where the file does not
  ///     say; false when nil.
  ///   - cell: the name of the cell, where the file does not say.
  ///   - cells: cells of your own that the file may hold, besides the built-in ones.
  ///   - modules: which modules are the model, where the file has several; or that it has no readout.
  /// - Throws: `FileError` when the file cannot be read; ``ModelFileError`` when it names a cell that
  ///   is not known, when it does not hold a model of the cell, and when two cells have one name.
  public init(
    path: String, activation: Activation? = nil, targetIsClasses: Bool? = nil,
    cell: String? = nil, cells: [any Cell] = [], modules: ModelModules = ModelModules()
  ) throws {
    let known = try CellKind.builtIn(and: cells)
    let file = try SafetensorsFile(path: path)
    let reader = try WeightReader(file, cell: cell, modules, among: known)
    var specification = CellSpecification(reader.kind)
    specification.activation = activation ?? .tanh
    if let text = file.metadata["activation"] {
      do throws(InvalidSetting) {
        specification.activation = try Activation(parsing: text)
      } catch {
        throw ModelFileError.activation(path: path, error)
      }
    }
    let input: InputKind =
      file.metadata["input"] == "classes" ? .classes(reader.inputs) : .values(reader.inputs)
    let isClasses = file.metadata["target"].map { $0 == "classes" } ?? targetIsClasses ?? false
    configuration = ModelConfiguration(
      input: input, target: isClasses ? .classes(reader.outputs) : .values(reader.outputs),
      hidden: reader.hidden, layers: reader.layers,
      learnsInitialState: file.contains(reader.prefix + "initial_hidden_l0"))
    self.path = path
    self.specification = specification
    assumesActivation =
      specification.kind.options.contains(.activation) && activation == nil
      && file.metadata["activation"] == nil
    metadata = file.metadata
    let model = RecurrentModel(specification, configuration)
    // Files of earlier versions do not say.
    if let saved = metadata[Self.constantsKey], saved != model.cell.constants {
      throw ModelFileError.otherConstants(
        path: path, cell: model.cell.name, saved: saved, given: model.cell.constants)
    }
    parameters = try reader.parameters(for: model)
    let used = Set(model.layout.entries.map { reader.name(of: $0) })
    unusedTensors = file.tensors.map(\.name).filter { !used.contains($0) }
    self.modules = reader.modules
    embedding = reader.embedding
  }

  /// Refuses a file with layers besides the model, whose outputs are then not those of the model; an
  /// embedding before it is none of them.
  ///
  /// - Throws: ``ModelFileError/otherLayers(path:tensors:)``.
  public func requireWhole() throws(ModelFileError) {
    if !otherTensors.isEmpty { throw .otherLayers(path: path, tensors: otherTensors) }
  }

  /// Those of ``unusedTensors`` that are not the embedding before the model.
  package var otherTensors: [String] { unusedTensors.filter { $0 != embedding } }

  /// Writes a model so that ``init(path:activation:targetIsClasses:cell:cells:modules:)`` reads it back.
  ///
  /// - Parameter metadata: what else to keep with it.
  /// - Throws: `FileError` when it cannot be written, or a weight is not finite.
  public static func write<Element>(
    _ parameters: Parameters<Element>, model: RecurrentModel, metadata: [String: String] = [:],
    to path: String
  ) throws(FileError) {
    try write(
      parameters, specification: CellSpecification(cell: model.cell),
      configuration: model.configuration, metadata: metadata, to: path)
  }

  /// Writes a model so that ``init(path:activation:targetIsClasses:cell:cells:modules:)`` reads it back,
  /// with its cell's specification.
  ///
  /// - Parameter metadata: what else to keep with it.
  /// - Throws: `FileError` when it cannot be written, or a weight is not finite.
  public static func write<Element>(
    _ parameters: Parameters<Element>, specification: CellSpecification,
    configuration: ModelConfiguration, metadata: [String: String], to path: String
  ) throws(FileError) {
    var writer = SafetensorsWriter(requireFinite: true)
    writer.metadata = metadata
    writer.metadata["format"] = "pt"
    writer.metadata["cell"] = specification.description
    let constants = specification.makeCell().constants
    writer.metadata[Self.constantsKey] = constants.isEmpty ? nil : constants
    writer.metadata["hidden"] = String(configuration.hidden)
    writer.metadata["layers"] = String(configuration.layers)
    if specification.kind.options.contains(.activation) {
      writer.metadata["activation"] = specification.activation.description
    }
    switch configuration.input {
    case .values: writer.metadata["input"] = "values"
    case .classes: writer.metadata["input"] = "classes"
    }
    switch configuration.target {
    case .values: writer.metadata["target"] = "values"
    case .classes: writer.metadata["target"] = "classes"
    }
    for entry in parameters.layout.entries {
      writer.append(entry.name, shape: entry.shape, parameters[entry])
    }
    try writer.write(to: path)
  }
}

extension ModelFile {
  /// The metadata's key of ``Cell/constants``, absent where there are none.
  package static let constantsKey = "cell_constants"
}

/// Finds a recurrent model's tensors in a file and takes their sizes from their shapes.
private struct WeightReader {
  let file: SafetensorsFile
  let prefix: String
  /// What stands before the readout's `weight`; nil for a model without one.
  let readout: String?
  let embedding: String?
  let kind: CellKind
  let hidden, layers, inputs, outputs: Int

  /// - Parameters:
  ///   - cell: the name of the cell, where the file does not say.
  ///   - modules: which modules are the model.
  ///   - known: the cells that the file may hold.
  init(
    _ file: SafetensorsFile, cell: String?, _ modules: ModelModules, among known: [CellKind]
  ) throws {
    let names = file.tensors.map(\.name)
    let dictionary = StateDict(file)
    let prefix = try dictionary.recurrentPrefix(named: modules.recurrent)
    func matrix(_ name: String, form: String) throws -> (rows: Int, columns: Int) {
      let shape = try file.shape(of: name)
      guard shape.count == 2, shape[0] > 0, shape[1] > 0 else {
        throw ModelFileError.unfitShape(path: file.path, tensor: name, form: form, got: shape)
      }
      return (shape[0], shape[1])
    }
    let recurrent = try matrix(prefix + "weight_hh_l0", form: "[G·H, H]")
    let candidates = try Self.cells(file, named: cell, among: known).map {
      (kind: $0, gates: CellSpecification($0).makeCell().gates)
    }
    let fitting = candidates.filter { $0.gates * recurrent.columns == recurrent.rows }.map(\.kind)
    guard let kind = fitting.first else {
      let forms = candidates.map {
        "[\($0.gates == 1 ? "" : "\($0.gates)·")H, H] (\($0.kind.name))"
      }
      throw ModelFileError.unfitShape(
        path: file.path, tensor: prefix + "weight_hh_l0", form: forms.joined(separator: " or "),
        got: [recurrent.rows, recurrent.columns])
    }
    guard fitting.count == 1 else {
      throw ModelFileError.severalCells(path: file.path, fitting: fitting.map(\.name))
    }
    self.file = file
    self.prefix = prefix
    self.kind = kind
    hidden = recurrent.columns
    inputs = try matrix(prefix + "weight_ih_l0", form: "[G·H, I]").columns
    let chosen: String? =
      switch modules.readout {
      case .none: nil
      case .only: try dictionary.readoutPrefix(named: nil, hidden: hidden, inputs: inputs)
      case .named(let name):
        try dictionary.readoutPrefix(named: name, hidden: hidden, inputs: inputs)
      }
    readout = chosen
    outputs = try chosen.map { try matrix($0 + "weight", form: "[O, H]").rows } ?? 0
    embedding = dictionary.embedding(inputs: inputs, hidden: hidden, readout: chosen)
    layers = names.count { name in
      name.hasPrefix(prefix + "weight_ih_l") && Int(name.dropFirst(prefix.count + 11)) != nil
    }
  }

  /// The cell that the file's metadata or else `name` names; all where neither does.
  private static func cells(
    _ file: SafetensorsFile, named name: String?, among known: [CellKind]
  ) throws(ModelFileError) -> [CellKind] {
    guard let text = file.metadata["cell"] ?? name else { return known }
    guard let kind = known.first(where: { $0.name == text.prefix { $0 != "/" } }) else {
      throw .unknownCell(path: file.path, cell: text, known: known.map(\.name))
    }
    return [kind]
  }

  /// Every parameter of `model` from the file; missing biases stay zero.
  func parameters(for model: RecurrentModel) throws(FileError) -> Parameters<Double> {
    let present = model.layout.entries.filter { entry in
      let isBias = ["bias_ih_l", "bias_hh_l", "head.bias"].contains { entry.name.hasPrefix($0) }
      return !isBias || file.contains(name(of: entry))
    }
    // A file of a few names may stand for layers of any size: nothing is allocated before all are there.
    for entry in present { try file.requireShape(entry.shape, of: name(of: entry)) }
    let result = Parameters<Double>(model.layout)
    for entry in present { result[entry].assign(try file.doubles(name(of: entry))) }
    return result
  }

  /// What the file calls a parameter.
  func name(of entry: ParameterLayout.Entry) -> String {
    guard let readout, entry.name.hasPrefix("head.") else { return prefix + entry.name }
    return readout + entry.name.dropFirst("head.".count)
  }

  /// The modules by their full names.
  var modules: ModelModules {
    ModelModules(
      recurrent: StateDict.shown(prefix),
      readout: readout.map { .named(StateDict.shown($0)) } ?? .none)
  }
}
