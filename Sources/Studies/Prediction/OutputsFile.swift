import UnrollDenseMath
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollSequenceTasks

/// A model's outputs for the sequences of a file, as CSV.
public struct OutputsFile {
  /// The model that runs.
  public let model: SavedModel
  /// The sequences that it runs over.
  public let inputs: SequenceInputs

  /// Prepares to run `model` over `inputs`; nothing is computed yet.
  ///
  /// - Throws: ``SavedModelError/otherWidth(path:inputs:needed:got:)``.
  public init(of model: SavedModel, on inputs: SequenceInputs) throws(SavedModelError) {
    let needed = model.file.configuration.input.width
    guard inputs.width == needed else {
      throw .otherWidth(path: model.path, inputs: inputs.path, needed: needed, got: inputs.width)
    }
    self.model = model
    self.inputs = inputs
  }

  /// What the outputs are. A PyTorch `state_dict` does not say whether they are classes; integer
  /// targets in the file of inputs do.
  public var target: TargetKind {
    let target = model.file.configuration.target
    return model.file.metadata["target"] == nil && inputs.hasClassTargets
      ? .classes(target.width) : target
  }

  /// `sequence,step,output_0,…`; for classes `sequence,step,probability_0,…,class`.
  private var columns: [String] {
    switch target {
    case .values(let count): ["sequence", "step"] + (0..<count).map { "output_\($0)" }
    case .classes(let count):
      ["sequence", "step"] + (0..<count).map { "probability_\($0)" } + ["class"]
    }
  }

  /// Writes a row for each step of each sequence, both counted from 0.
  ///
  /// The columns are `sequence,step,output_0,…`, or for classes `sequence,step,probability_0,…,class`
  /// with the likeliest class.
  ///
  /// - Parameter check: called before each row; an error that it throws leaves no file.
  /// - Throws: ``FileError``, and what `check` throws.
  public func write(to path: String, check: () throws -> Void) throws {
    var configuration = model.file.configuration
    configuration.target = target
    let outputs = ModelOutputs(
      model: RecurrentModel(cell: model.file.model.cell, configuration),
      parameters: model.file.parameters, inputs: inputs)
    try CSVWriter.write(to: path, columns: columns) { append in
      try outputs.run { sequence, step, values in
        try check()
        var row: [CSVField] = [.integer(sequence), .integer(step)] + values.map { .number($0) }
        if case .classes = target { row.append(.integer(Self.largest(values))) }
        try append(row)
      }
    }
  }

  private static func largest(_ values: [Double]) -> Int {
    var largest = 0
    for (index, value) in values.enumerated() where value > values[largest] { largest = index }
    return largest
  }
}
