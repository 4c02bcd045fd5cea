/// Which modules of a file are the model, where it has several.
///
/// A module is named as in PyTorch: `encoder.lstm` has the tensor `encoder.lstm.weight_ih_l0`. The end
/// of its name is enough where one module alone ends like that: `lstm`; the file's top is `.`.
public struct ModelModules: Sendable, Equatable {
  /// The linear layer that reads the top layer's states.
  public enum Readout: Sendable, Equatable {
    /// The only one that fits: a weight of two dimensions, [O, H].
    case only
    /// The one of this name.
    case named(String)
    /// None: the model ends with the top layer's states.
    case none
  }

  /// The recurrent layers; nil for the only ones.
  public var recurrent: String?
  /// The readout.
  public var readout: Readout

  /// The modules called `recurrent` and `readout`; the only ones where they are not named.
  public init(recurrent: String? = nil, readout: Readout = .only) {
    self.recurrent = recurrent
    self.readout = readout
  }
}
