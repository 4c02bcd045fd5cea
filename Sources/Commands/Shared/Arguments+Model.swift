import Foundation
import UnrollCommandLine
import UnrollRecurrentCells

extension Arguments {
  /// The cell of `--cell`, completed by `--activation`, `--init` and `--forget-bias`.
  ///
  /// - Throws: `UsageError` for one of those that the cell does not take.
  func cellSpecification() throws -> CellSpecification {
    try specifications(from: OptionKey.cell)[0].specification
  }

  /// The cells of `--cells` with the text given for each, completed likewise.
  func cellSpecifications() throws -> [(label: String, specification: CellSpecification)] {
    try specifications(from: OptionKey.cells)
  }

  private func specifications<Value>(
    from option: OptionKey<Value>
  ) throws -> [(label: String, specification: CellSpecification)] {
    let texts = text(of: option).split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    let defaults = CellOption.allCases.filter { has($0.rawValue) && wasGiven($0.rawValue) }
      .map { ($0, text(of: $0.rawValue)) }
    let cells = try texts.map { text in
      let specification: CellSpecification
      do {
        specification = try CellSpecification(parsing: text, defaults: defaults)
      } catch {
        throw rejection(of: option, because: error)
      }
      return (label: text, specification: specification)
    }
    for (cellOption, _) in defaults
    where !cells.contains(where: { $0.specification.kind.options.contains(cellOption) }) {
      throw rejection(
        of: cellOption.rawValue,
        accepted: "left out; it is for the cell \(cellOption.takers)")
    }
    for (cellOption, given) in defaults where wasTyped(cellOption.rawValue) {
      let takers = cells.filter { $0.specification.kind.options.contains(cellOption) }
      guard takers.allSatisfy({ $0.label.contains("/\(cellOption.rawValue)=") }),
        !takers.allSatisfy({ $0.label.contains("/\(cellOption.rawValue)=\(given)") })
      else { continue }
      throw rejection(
        of: cellOption.rawValue, accepted: "left out: \(takers[0].label) says another")
    }
    return cells
  }

  /// What a model of this command is made of, for the inputs and targets of `task`.
  func modelConfiguration(input: InputKind, target: TargetKind) -> ModelConfiguration {
    ModelConfiguration(
      input: input, target: target, hidden: self[.hidden], layers: self[.layers],
      learnsInitialState: has(.initialState) && self[.initialState] == "learned")
  }
}
