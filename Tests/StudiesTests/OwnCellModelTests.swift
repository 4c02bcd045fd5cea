import Foundation
import Testing
import UnrollFileFormats
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollStudies
import UnrollTestSupport

/// A saved model of a user's own cell, used like one of a built-in cell.
@Suite struct OwnCellModelTests {
  private let folder: TemporaryFolder
  private let path: String
  private let task: AddingTask
  private let parameters: Parameters<Double>
  private let specification: CellSpecification

  init() throws {
    folder = try TemporaryFolder()
    path = folder("model.safetensors")
    task = try AddingTask(length: 10, seed: 1)
    specification = try CellSpecification(
      parsing: "cho-gru/init=he", cells: [CellKind(ChoGRU())])
    let configuration = ModelConfiguration(input: task.input, target: task.target, hidden: 4)
    parameters = RecurrentModel(specification, configuration)
      .initialParameters(specification, seed: 1)
    try ModelFile.write(
      parameters, specification: specification, configuration: configuration, metadata: [:],
      to: path)
  }

  @Test func isReadWithTheCellItWasMadeOf() throws {
    let saved = try SavedModel(path: path, cells: [ChoGRU()])
    #expect(saved.cell == specification && saved.file.model.cell is ChoGRU)
    #expect(saved.file.parameters.values.values == parameters.values.values)
    #expect(throws: ModelFileError.self) { try SavedModel(path: path) }
  }

  @Test func isEvaluated() throws {
    let saved = try SavedModel(path: path, cells: [ChoGRU()])
    let evaluation = try Evaluation(of: saved, on: task, rows: 20, threads: 1, as: Double.self)
    // Untrained, so that the loss is of the order of the targets' squares.
    #expect(evaluation.loss > 0 && evaluation.loss < 10)
  }

  @Test func decayIsMeasured() throws {
    let data = try DecayData(task, rows: 5)
    let subject = try DecaySubject(modelAt: path, cells: [ChoGRU()], on: data)
    #expect(subject.label == "cho-gru/init=he" && subject.model.cell is ChoGRU)
    let measured = try DecayStudy(subjects: [subject], data: data).measure()
    #expect(measured[0].curves.allSatisfy { $0.curve.count == 10 })
    let run = try #require(try EarlierRun(folder: folder.path, cells: [ChoGRU()]))
    #expect(try run.subject(on: data)?.model.cell is ChoGRU)
    #expect(throws: ModelFileError.self) { try EarlierRun(folder: folder.path) }
  }

  /// The weights of a file without metadata are read as those of the cell that is named.
  @Test func isReadWithoutMetadataByItsName() throws {
    let file = try SafetensorsFile(path: path)
    var writer = SafetensorsWriter(requireFinite: true)
    for tensor in file.tensors {
      writer.append(tensor.name, shape: tensor.shape, try file.doubles(tensor.name))
    }
    try writer.write(to: path)
    #expect(
      throws: ModelFileError.severalCells(path: path, fitting: ["gru", "cho-gru"])
    ) { try SavedModel(path: path, cells: [ChoGRU()]) }
    let saved = try SavedModel(path: path, cell: "cho-gru", cells: [ChoGRU()])
    #expect(saved.file.model.cell is ChoGRU && saved.cell.kind.name == "cho-gru")
  }
}
