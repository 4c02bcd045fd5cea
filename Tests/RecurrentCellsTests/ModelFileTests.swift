import Foundation
import Testing
import UnrollFileFormats
import UnrollOptimization
import UnrollTestSupport

@testable import UnrollRecurrentCells

/// Models in files, as PyTorch users have them.
@Suite struct ModelFileTests {
  private let path = NSTemporaryDirectory() + "model-\(UUID().uuidString).safetensors"

  private func write(_ tensors: [(String, [Int])], metadata: [String: String] = [:]) throws {
    var writer = SafetensorsWriter(requireFinite: true)
    writer.metadata = metadata
    for (name, shape) in tensors {
      let count = shape.reduce(1, *)
      writer.append(name, shape: shape, (0..<count).map { Double($0) / 10 })
    }
    try writer.write(to: path)
  }

  private func rnn(_ prefix: String = "", readout: String = "fc") -> [(String, [Int])] {
    [
      (prefix + "weight_ih_l0", [3, 2]), (prefix + "weight_hh_l0", [3, 3]),
      ("\(readout).weight", [1, 3]),
    ]
  }

  @Test(
    arguments: ["", "rnn.", "module.net."],
    ["head", "fc", "module.fc", "linear", "decoder", "hidden2tag", "net.classifier.0"])
  func anyPrefixAndAnyReadout(_ prefix: String, readout: String) throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try write(rnn(prefix, readout: readout))
    let file = try ModelFile(path: path)
    #expect(file.specification.kind == .rnn && file.configuration.hidden == 3)
    #expect(file.parameters["weight_ih_l0"].values == (0..<6).map { Double($0) / 10 })
    #expect(file.parameters["bias_ih_l0"].values == [0, 0, 0] && file.unusedTensors.isEmpty)
  }

  /// 20,000 names of one number each stand for layers that take 13 GB: they are held against what is there
  /// before anything is allocated.
  @Test func layersThatAreOnlyNamedTakeNoMemory() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let hidden = 100
    try write(
      [
        ("weight_ih_l0", [4 * hidden, 2]), ("weight_hh_l0", [4 * hidden, hidden]),
        ("head.weight", [1, hidden]),
      ] + (1..<20_000).map { ("weight_ih_l\($0)", [1]) })
    let before = peakBytes
    let error = #expect(throws: FileError.self) { try ModelFile(path: path) }
    #expect(
      error?.description.hasSuffix(
        "tensor 'weight_ih_l1' has the shape [1]; accepted: [400, 100]") == true)
    #expect(peakBytes - before < 1_000_000_000)
  }

  private var peakBytes: Int {
    var usage = rusage()
    #if os(Linux)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss * 1024
    #else
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #endif
  }

  @Test func whatIsNotPartOfTheModelIsNamed() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try write(rnn("rnn.") + [("norm.weight", [3]), ("rnn.extra", [3, 2])])
    let file = try ModelFile(path: path)
    #expect(file.unusedTensors == ["norm.weight", "rnn.extra"])
    #expect(
      throws: ModelFileError.otherLayers(path: path, tensors: ["norm.weight", "rnn.extra"])
    ) { try file.requireWhole() }
  }

  @Test func anActivationThatNobodySaidIsAssumed() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try write(rnn())
    #expect(try ModelFile(path: path).assumesActivation)
    let given = try ModelFile(path: path, activation: .relu)
    #expect(!given.assumesActivation && given.specification.activation == .relu)
    try write(rnn(), metadata: ["activation": "elu:0.5"])
    let said = try ModelFile(path: path, activation: .relu)
    #expect(!said.assumesActivation && said.specification.activation == .elu(alpha: 0.5))
  }

  @Test func whatIsNoModelIsRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let readout = [("fc.weight", [1, 3])]
    try write([
      ("weight_ih_l0", [3, 2]), ("weight_hh_l0", [3, 3]), ("out.weight", [1, 4]),
      ("norm.weight", [3]),
    ])
    #expect(
      throws: ModelFileError.noReadout(path: path, hidden: 3, present: ["out [1, 4]"])
    ) { try ModelFile(path: path) }
    for (tensors, got) in [
      ([("weight_ih_l0", [7, 2]), ("weight_hh_l0", [7, 3])], [7, 3]),
      ([("weight_ih_l0", [3, 2]), ("weight_hh_l0", [3])], [3]),
    ] {
      try write(tensors + readout)
      #expect {
        try ModelFile(path: path)
      } throws: { error in
        guard case ModelFileError.unfitShape(_, _, _, let shape) = error else { return false }
        return shape == got
      }
    }
    try write(rnn("rnn.") + [("rnn.weight_ih_l0_reverse", [3, 2])])
    #expect(
      throws: ModelFileError.unsupportedTensor(
        path: path, tensor: "rnn.weight_ih_l0_reverse", reason: .bidirectional)
    ) { try ModelFile(path: path) }
  }

  @Test func errorsAreWordedOnOneLine() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try write(rnn(), metadata: ["activation": "swish\n"])
    let error = #expect(throws: ModelFileError.self) { try ModelFile(path: path) }
    #expect(
      error?.description.hasPrefix("\(path): metadata 'activation' 'swish\\n': must be ") == true
    )
    #expect(error?.localizedDescription == error?.description)
    #expect(error?.description.contains("\n") == false)
  }

  @Test(arguments: ["rnn/activation=prelu", "lstm", "gru"])
  func writtenModelsReadBack(_ text: String) throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let specification = try CellSpecification(parsing: text)
    let configuration = ModelConfiguration(
      input: .classes(5), target: .classes(4), hidden: 3, layers: 2, learnsInitialState: true)
    let model = RecurrentModel(specification, configuration)
    let parameters: Parameters<Double> = model.initialParameters(specification, seed: 1)
    try ModelFile.write(
      parameters, specification: specification, configuration: configuration,
      metadata: ["task": "copy"], to: path)
    let file = try ModelFile(path: path)
    #expect(file.parameters.values.values == parameters.values.values)
    #expect(file.configuration == configuration && file.metadata["task"] == "copy")
    #expect(file.specification.activation == specification.activation)
    #expect(file.unusedTensors.isEmpty && !file.assumesActivation)
    #expect(file.metadata["cell_constants"] == nil)
  }

  @Test(arguments: OwnCellTests.cells) func ownCellsAreSavedUnderTheirNames(
    _ cell: any Cell
  ) throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let model = RecurrentModel(
      cell: cell,
      ModelConfiguration(input: .values(2), target: .values(1), hidden: 3, layers: 2))
    let parameters: Parameters<Double> = model.initialParameters(.pytorch, seed: 1)
    try ModelFile.write(parameters, model: model, to: path)
    let file = try ModelFile(path: path, cells: OwnCellTests.cells)
    #expect(file.metadata["cell"] == cell.name && file.model.cell.name == cell.name)
    #expect(file.metadata["cell_constants"] == (cell.constants.isEmpty ? nil : cell.constants))
    #expect(file.model.layout == model.layout && file.unusedTensors.isEmpty)
    #expect(file.parameters.values.values == parameters.values.values)
  }

  /// A GRU of another form has a GRU's gate count: it is not loaded as the built-in one.
  @Test func aCellThatIsNotKnownIsRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let model = RecurrentModel(
      cell: ChoGRU(), ModelConfiguration(input: .values(2), target: .values(1), hidden: 3))
    try ModelFile.write(Parameters<Double>(model.layout), model: model, to: path)
    for known in [[], [LeakyIntegrator(leak: 0.5)]] {
      let error = #expect(throws: ModelFileError.self) { try ModelFile(path: path, cells: known) }
      let names = CellKind.builtIn.map(\.name) + known.map(\.name)
      #expect(error == .unknownCell(path: path, cell: "cho-gru", known: names))
      #expect(
        error?.description
          == "\(path): the cell is 'cho-gru'; accepted: \(names.joined(separator: ", ")), "
          + "and cells of your own that are passed as 'cells:'")
    }
  }

  /// The same weights under another leak are another model.
  @Test func aCellWithOtherConstantsIsRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let configuration = ModelConfiguration(input: .values(2), target: .values(1), hidden: 3)
    let model = RecurrentModel(cell: LeakyIntegrator(leak: 0.3), configuration)
    let parameters: Parameters<Double> = model.initialParameters(.pytorch, seed: 1)
    try ModelFile.write(parameters, model: model, to: path)
    let file = try ModelFile(path: path, cells: [LeakyIntegrator(leak: 0.3)])
    #expect(file.metadata["cell_constants"] == "leak=0.3")
    let error = #expect(throws: ModelFileError.self) {
      try ModelFile(path: path, cells: [LeakyIntegrator(leak: 0.5)])
    }
    #expect(
      error?.description
        == "\(path): the cell 'leaky-integrator' was saved with 'leak=0.3'; "
        + "the one given has 'leak=0.5'")
    #expect(
      ModelFileError.otherConstants(path: "a", cell: "b", saved: "c", given: "").description
        == "a: the cell 'b' was saved with 'c'; the one given has no constants")

    // A file of before, without the text.
    try write(
      rnn() + [("bias_ih_l0", [3]), ("bias_hh_l0", [3])], metadata: ["cell": "leaky-integrator"])
    let former = try ModelFile(path: path, cells: [LeakyIntegrator(leak: 0.5)])
    #expect(former.model.cell is LeakyIntegrator)
  }

  /// A file without metadata, as a copy made with Python: its gates do not tell which cell it is.
  @Test func aCellThatNobodyNamesIsNotGuessed() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try write(rnn())
    let cells = [LeakyIntegrator(leak: 0.3)]
    let error = #expect(throws: ModelFileError.self) { try ModelFile(path: path, cells: cells) }
    #expect(
      error?.description
        == "\(path): the metadata name no cell, and the weights fit 'rnn', 'leaky-integrator'; "
        + "'cell:' says which it is")
    let own = try ModelFile(path: path, cell: "leaky-integrator", cells: cells)
    #expect(own.model.cell is LeakyIntegrator && !own.assumesActivation)
    let builtIn = try ModelFile(path: path, cell: "rnn", cells: cells)
    #expect(builtIn.model.cell is RNNCell && builtIn.assumesActivation)
    #expect(throws: ModelFileError.self) { try ModelFile(path: path, cell: "gru", cells: cells) }
    #expect(
      throws: ModelFileError.unknownCell(
        path: path, cell: "leaky", known: CellKind.builtIn.map(\.name) + ["leaky-integrator"])
    ) { try ModelFile(path: path, cell: "leaky", cells: cells) }
    // Seven gates are those of one cell alone.
    try write([("weight_ih_l0", [21, 2]), ("weight_hh_l0", [21, 3]), ("fc.weight", [1, 3])])
    let seven = IdleCell(name: "seven", gates: 7)
    #expect(try ModelFile(path: path, cells: cells + [seven]).model.cell is IdleCell)
  }

  @Test func twoCellsOfOneNameAreRefused() throws {
    for names in [["a", "a"], ["gru"], [""], ["a/b"], ["a,b"]] {
      #expect(throws: ModelFileError.cellName(names[0])) {
        try ModelFile(path: path, cells: names.map { IdleCell(name: $0, gates: 1) })
      }
    }
    #expect(
      ModelFileError.cellName("gru").description
        == "'gru' cannot be the name of a cell of your own; "
        + "accepted: a name without / and , that no other cell has")
  }

  @Test func weightsMustBeThoseOfTheCellNamed() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try write(rnn(), metadata: ["cell": "gru/init=he"])
    #expect(
      throws: ModelFileError.unfitShape(
        path: path, tensor: "weight_hh_l0", form: "[3·H, H] (gru)", got: [3, 3])
    ) { try ModelFile(path: path) }
  }

  @Test func everyBuiltInCellIsItsOwnKind() {
    for kind in CellKind.builtIn {
      let cell = CellSpecification(kind).makeCell()
      #expect(cell.name == kind.name && CellSpecification(cell: cell).kind == kind)
    }
    #expect(CellSpecification(cell: RNNCell(activation: .relu)).activation == .relu)
    #expect(CellSpecification(cell: ChoGRU()).kind.name == "cho-gru")
  }

  /// What a built-in cell's file says does not depend on which of the two ways wrote it.
  @Test func builtInCellsAreWrittenAlikeWithoutASpecification() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let specification = try CellSpecification(parsing: "rnn/activation=elu:0.5")
    let configuration = ModelConfiguration(input: .values(2), target: .values(1), hidden: 3)
    let model = RecurrentModel(specification, configuration)
    let parameters: Parameters<Float> = model.initialParameters(specification, seed: 1)
    try ModelFile.write(parameters, model: model, to: path)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    try ModelFile.write(
      parameters, specification: specification, configuration: configuration, metadata: [:],
      to: path)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
  }

  @Test func ownCellsAreSpecifiedLikeBuiltInOnes() throws {
    let cells = CellKind.builtIn + [CellKind(ChoGRU())]
    let specification = try CellSpecification(parsing: "cho-gru/init=he", cells: cells)
    #expect(specification.makeCell() is ChoGRU && specification.initializer == .he)
    #expect(specification.description == "cho-gru/init=he")
    #expect(throws: InvalidSetting.self) { try CellSpecification(parsing: "cho-gru") }
    #expect(throws: InvalidSetting.self) {
      try CellSpecification(parsing: "cho-gru/activation=relu", cells: cells)
    }
  }

  @Test func aBuiltInCellsNameIsTaken() async {
    await #expect(processExitsWith: .failure) {
      _ = CellKind(IdleCell(name: "gru", gates: 3))
    }
  }
}
