import Foundation
import UnrollOptimization
import UnrollText

/// Why the tensors of a well-formed file do not make up a model.
public enum ModelFileError: Error, Equatable, Sendable {
  /// A tensor of a model that is not supported (bidirectional, projected).
  case unsupportedTensor(path: String, tensor: String)
  /// A weight's shape is not of the form it should have, or no cell has its number of gates.
  case unfitShape(path: String, tensor: String, form: String, got: [Int])
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
    case .activation(let path, let setting):
      "\(path.escaped): metadata 'activation' '\(setting.value.shown)': must be \(setting.accepted)"
    }
  }

  /// ``description``.
  public var errorDescription: String? { description }
}
