import Foundation
import UnrollOptimization
import UnrollText

/// Why the tensors of a well-formed file do not make up a model.
public enum ModelFileError: Error, Equatable, Sendable {
  /// A tensor of a model that is not supported (bidirectional, projected).
  case unsupportedTensor(path: String, tensor: String)
  /// A weight's shape is not of the form it should have, or no cell has its number of gates.
  case unfitShape(path: String, tensor: String, form: String, got: [Int])
  /// The cell that the metadata or the caller names is none of those known.
  case unknownCell(path: String, cell: String, known: [String])
  /// Nobody names the cell, and the weights fit several.
  case severalCells(path: String, fitting: [String])
  /// The cell was saved with other constants than the cell given has; see ``Cell/constants``.
  case otherConstants(path: String, cell: String, saved: String, given: String)
  /// A cell of the caller's own has a name that is another cell's, or that files cannot hold.
  case cellName(String)
  /// The metadata's `activation` is not known.
  case activation(path: String, InvalidSetting)
  /// No linear layer has a name that a readout may have.
  case noReadout(path: String, present: [String])
}

extension ModelFileError: CustomStringConvertible, LocalizedError {
  /// What is wrong, in which file, and what is accepted, on one line.
  public var description: String {
    switch self {
    case .unsupportedTensor(let path, let tensor):
      "\(path.escaped): tensor \(tensor.quoted) belongs to a bidirectional or projected model; "
        + "accepted are models that run forward with hidden states of full size"
    case .unfitShape(let path, let tensor, let form, let got):
      "\(path.escaped): tensor \(tensor.quoted) has the shape \(got.shapeText); accepted: \(form)"
    case .noReadout(let path, let present):
      "\(path.escaped): no readout; one linear layer called head or fc is accepted; present: "
        + present.quotedList
    case .unknownCell(let path, let cell, let known):
      "\(path.escaped): the cell is \(cell.quoted); accepted: \(known.joined(separator: ", ")), "
        + "and cells of your own that are passed as 'cells:'"
    case .severalCells(let path, let fitting):
      "\(path.escaped): the metadata name no cell, and the weights fit \(fitting.quotedList); "
        + "'cell:' says which it is"
    case .otherConstants(let path, let cell, let saved, let given):
      "\(path.escaped): the cell \(cell.quoted) was saved with \(Self.constants(saved)); "
        + "the one given has \(Self.constants(given))"
    case .cellName(let name):
      "\(name.quoted) cannot be the name of a cell of your own; "
        + "accepted: a name without / and , that no other cell has"
    case .activation(let path, let setting):
      "\(path.escaped): metadata 'activation' '\(setting.value.shown)': must be \(setting.accepted)"
    }
  }

  /// ``description``.
  public var errorDescription: String? { description }

  private static func constants(_ text: String) -> String {
    text.isEmpty ? "no constants" : text.quoted
  }
}
