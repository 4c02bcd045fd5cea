import UnrollDenseMath
import UnrollFileFormats
import UnrollSequenceTasks
import UnrollStudies
import UnrollText

extension OutputsFile {
  /// Model, inputs and sizes, by name.
  public var json: JSONValue {
    [
      "model": .string(model.path), "cell": .string(model.cell.description),
      "inputs": .string(inputs.path), "sequences": .integer(inputs.count),
      "steps": .integer(inputs.steps), "outputs": .integer(target.width),
      "measured": MeasuredElements.all(sequences: inputs.count, of: inputs.path).json,
    ]
  }

  package func print(on page: any TextPage, path: String) {
    let what =
      switch target {
      case .values(let count): NumberText.count(count, "output")
      case .classes(let count):
        "the probabilities of \(NumberText.count(count, "class", "classes"))"
      }
    page.print(
      "\(NumberText.count(inputs.count, "sequence")) of up to "
        + "\(NumberText.count(inputs.steps, "step")), \(what) at each: \(path.escaped)")
  }
}
