import Foundation
import UnrollFileFormats
import UnrollOptimization
import UnrollText

/// Why the tensors of a well-formed file do not make up a feed-forward network.
public enum FeedForwardFileError: Error, Equatable, Sendable {
  /// A tensor of a module that is not measured, and which.
  case unsupportedTensor(path: String, tensor: String, Obstacle)
  /// Two names of the model share one tensor, which has one name alone in the file.
  case sharedTensor(path: String, removed: String, kept: String)
  /// The tensors are not those of one `nn.Sequential`, but of these parts of a model.
  case noSequential(path: String, modules: [ModelPart])
  /// A tensor's shape does not fit; `accepted` says which does, and why.
  case unfitShape(path: String, tensor: String, accepted: String, got: [Int])
  /// There is no linear layer, or before the first one another module with tensors.
  case startsOtherwise(path: String, module: String?)
  /// Two modules of one kind between two linear layers.
  case repeatedModule(path: String, module: String)
  /// The last linear layer, which is the readout, is followed by this module.
  case behindReadout(path: String, module: String)
  /// There is one linear layer alone, which is the readout.
  case readoutAlone(path: String)
  /// Nobody names the activation that follows this module.
  case noActivation(path: String, module: String)
  /// The metadata's `activation` is not known.
  case activation(path: String, InvalidSetting)
  /// The activation is to be `prelu`, and the file has no slope.
  case slopeMissing(path: String)

  /// Why a tensor is not measured.
  public enum Obstacle: Equatable, Sendable {
    /// A weight of more than two dimensions.
    case convolution
    /// A normalization other than batch normalization, or PReLU with a slope for each unit.
    case normalization
    /// Recurrent layers.
    case recurrent
    /// A weight that is computed from others, as weight normalization does.
    case reparametrized
    /// Numbers that are rounded to few bits.
    case quantized
    /// None of the tensors that the modules known have.
    case unknown
  }

  /// A module of a model.
  public struct ModelPart: Equatable, Sendable {
    /// Its name: `net`; empty for the model itself.
    public let name: String
    /// Whether it is an `nn.Sequential`.
    public let isSequential: Bool
  }
}

extension FeedForwardFileError: CustomStringConvertible, LocalizedError {
  /// What is wrong, in which file, and what is accepted, on one line.
  public var description: String {
    switch self {
    case .unsupportedTensor(let path, let tensor, let obstacle):
      "\(path.escaped): tensor \(tensor.quoted) \(obstacle.words)"
    case .sharedTensor(let path, let removed, let kept):
      "\(path.escaped): \(removed.quoted) and \(kept.quoted) are one tensor that two modules share; "
        + "accepted are tensors of their own: {k: v.clone() for k, v in model.state_dict().items()}"
    case .noSequential(let path, let modules):
      "\(path.escaped): the tensors are not those of one nn.Sequential, whose numbers say where its "
        + "activations are; accepted, with its modules and activations in their order: "
        + "\(Self.sequential(of: modules)).state_dict()"
    case .unfitShape(let path, let tensor, let accepted, let got):
      "\(path.escaped): tensor \(tensor.quoted) has the shape \(got.shapeText); accepted: "
        + accepted
    case .startsOtherwise(let path, nil):
      "\(path.escaped): no nn.Linear; accepted are an nn.Sequential's 0.weight [outputs, inputs], …"
    case .startsOtherwise(let path, let module?):
      "\(path.escaped): \(module.quoted) stands before the first nn.Linear; accepted is the model "
        + "without it, and its outputs as 'x': x = model[0](x).detach()"
    case .repeatedModule(let path, let module):
      "\(path.escaped): \(module.quoted) is the second of its kind behind one nn.Linear; accepted is "
        + "one BatchNorm1d and one PReLU"
    case .behindReadout(let path, let module):
      "\(path.escaped): \(module.quoted) follows the last nn.Linear, which is the readout; "
        + "'hasReadout: false' takes that for a layer like the others"
    case .readoutAlone(let path):
      "\(path.escaped): one nn.Linear alone, which is the readout; 'hasReadout: false' takes it for "
        + "a layer"
    case .noActivation(let path, let module):
      "\(path.escaped) does not say the activation behind \(module.quoted), which has no tensor; "
        + "'activation:' says it, or the metadata: save_file(…, metadata={\"activation\": \"relu\"})"
    case .slopeMissing(let path):
      "\(path.escaped): the activation prelu needs a tensor with its slope, which nn.PReLU has; accepted: an "
        + "activation without parameters"
    case .activation(let path, let setting):
      "\(path.escaped): metadata 'activation' '\(setting.value.shown)': must be \(setting.accepted)"
    }
  }

  /// ``description``.
  public var errorDescription: String? { description }

  /// Python that makes one `nn.Sequential` of parts of a model: `nn.Sequential(*model.net, model.head)`.
  private static func sequential(of parts: [ModelPart]) -> String {
    let limit = 4
    var arguments: [String] = []
    for (index, part) in parts.prefix(limit).enumerated() {
      let path = part.name.split(separator: ".").map {
        Int($0) == nil ? ".\($0)".escaped : "[\($0)]"
      }
      // Modules apart have their activations between them as functions.
      if index > 0, !part.isSequential, !parts[index - 1].isSequential {
        arguments.append("nn.ReLU()")
      }
      arguments.append((part.isSequential ? "*" : "") + "model" + path.joined())
    }
    if parts.count > limit { arguments.append("…") }
    return "nn.Sequential(\(arguments.joined(separator: ", ")))"
  }
}

extension FeedForwardFileError.Obstacle {
  /// What the tensor is of, and what is accepted instead.
  fileprivate var words: String {
    switch self {
    case .convolution:
      "has more than two dimensions, as a convolution's; accepted are nn.Linear, nn.BatchNorm1d, "
        + "nn.PReLU and modules without tensors"
    case .normalization:
      "is of a module that is not measured, such as nn.LayerNorm; accepted are nn.Linear, "
        + "nn.BatchNorm1d with its running statistics, nn.PReLU with one slope, and modules without "
        + "tensors"
    case .recurrent:
      "is of a recurrent layer, which unroll decay measures; accepted is an nn.Sequential"
    case .reparametrized:
      "belongs to a weight that is computed from others (weight_norm, parametrizations); accepted are "
        + "plain weights: torch.nn.utils.parametrize.remove_parametrizations(module, name) or "
        + "torch.nn.utils.remove_weight_norm(module, name) before saving makes them so"
    case .quantized:
      "is not of floating-point numbers; accepted are floating-point weights: save the model before it "
        + "is quantized"
    case .unknown:
      "is none of nn.Linear (weight, bias), nn.BatchNorm1d (and running_mean, running_var) or nn.PReLU "
        + "(weight)"
    }
  }
}
