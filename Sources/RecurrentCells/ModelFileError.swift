import Foundation
import UnrollOptimization
import UnrollText

/// Why the tensors of a well-formed file do not make up a model.
public enum ModelFileError: Error, Equatable, Sendable {
  /// A tensor of a model that is not supported, and why.
  case unsupportedTensor(path: String, tensor: String, reason: Obstacle)
  /// Two names of the model share one tensor, which has one name alone in the file.
  case sharedTensor(path: String, removed: String, kept: String)
  /// Several modules could be the recurrent layers, or the readout, and nobody named one.
  case severalModules(path: String, role: Role, candidates: [String])
  /// No module of this role has the name given.
  case noModule(path: String, role: Role, name: String, candidates: [String])
  /// Besides recurrent layers and readout, and an embedding before them, there are other layers.
  case otherLayers(path: String, tensors: [String])
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
  /// No linear layer takes the hidden state; `present` are those there are, with their shapes.
  case noReadout(path: String, hidden: Int, present: [String])

  /// What a module is to a model.
  public enum Role: String, Sendable {
    /// An `nn.RNN`, `nn.LSTM` or `nn.GRU`.
    case recurrent
    /// An `nn.Linear` that reads the top layer's states.
    case readout
  }

  /// Why a model is not supported.
  public enum Obstacle: Equatable, Sendable {
    /// It also runs backward in time.
    case bidirectional
    /// Its hidden states are projected to another size.
    case projected
    /// Its weight is computed from others, as weight normalization does.
    case reparametrized
    /// Its numbers are rounded to few bits.
    case quantized
    /// An `nn.RNNCell`, `nn.LSTMCell` or `nn.GRUCell`, whose tensors have other names.
    case cell
    /// A layer of an `nn.Sequential` in a file without recurrent layers.
    case feedForward
  }
}

extension ModelFileError: CustomStringConvertible, LocalizedError {
  /// What is wrong, in which file, and what is accepted, on one line.
  public var description: String {
    switch self {
    case .unsupportedTensor(let path, let tensor, let reason):
      "\(path.escaped): tensor \(tensor.quoted) belongs to \(reason.words)"
    case .sharedTensor(let path, let removed, let kept):
      "\(path.escaped): \(removed.quoted) and \(kept.quoted) are one tensor that two layers share; "
        + "accepted are tensors of their own: {k: v.clone() for k, v in model.state_dict().items()}"
        + Self.wayOut
    case .severalModules(let path, let role, let candidates):
      "\(path.escaped): \(candidates.count) \(role.things), \(candidates.quotedList); "
        + "'\(role.rawValue):' says which it is\(role == .recurrent ? Self.wayOut : "")"
    case .noModule(let path, let role, let name, let candidates):
      "\(path.escaped): \(name.quoted) is none of the \(role.things); accepted: "
        + candidates.quotedList
    case .otherLayers(let path, let tensors):
      "\(path.escaped): \(tensors.quotedList) \(tensors.count == 1 ? "is" : "are") neither of the "
        + "recurrent layers nor of the readout; accepted: 'outputs' that agree, which show that they "
        + "have no part in the model" + Self.wayOut
    case .unfitShape(let path, let tensor, let form, let got):
      "\(path.escaped): tensor \(tensor.quoted) has the shape \(got.shapeText); accepted: \(form)"
    case .noReadout(let path, let hidden, let present):
      "\(path.escaped): no readout; a linear layer [O, \(hidden)] is accepted; present: "
        + present.quotedList + Self.wayOut
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

  /// What measures any model.
  private static let wayOut =
    "; any model is measured by the gradient of its outputs, 'g' (out.grad), in place of 'y'"

  private static func constants(_ text: String) -> String {
    text.isEmpty ? "no constants" : text.quoted
  }
}

extension ModelFileError.Role {
  fileprivate var things: String {
    switch self {
    case .recurrent: "recurrent modules"
    case .readout: "linear layers that take the hidden state"
    }
  }
}

extension ModelFileError.Obstacle {
  /// What the tensor belongs to, and what is accepted instead.
  fileprivate var words: String {
    switch self {
    case .bidirectional:
      "a bidirectional model; accepted are models that run forward with hidden states of full size"
    case .projected:
      "a projected model (proj_size); accepted are models that run forward with hidden states of "
        + "full size"
    case .reparametrized:
      "a weight that is computed from others (weight_norm, parametrizations); accepted are plain "
        + "weights: torch.nn.utils.parametrize.remove_parametrizations(module, name) or "
        + "torch.nn.utils.remove_weight_norm(module, name) before saving makes them so; for a readout, "
        + "'g' (out.grad) in place of 'y' does without it"
    case .quantized:
      "a quantized model; accepted are floating-point weights: save the model before it is "
        + "quantized; for a readout, 'g' (out.grad) in place of 'y' does without it"
    case .cell:
      "an nn.RNNCell, nn.LSTMCell or nn.GRUCell; accepted are the names of a layer: "
        + "{k + '_l0': v for k, v in cell.state_dict().items()}"
    case .feedForward:
      "a feed-forward network, which unroll depth --model measures; accepted are models with an nn.RNN, "
        + "nn.LSTM or nn.GRU"
    }
  }
}
