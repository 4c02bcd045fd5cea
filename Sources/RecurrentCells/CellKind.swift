/// The table of cells: command line, help, files and shared tests read it.
public enum CellKind: String, Sendable, CaseIterable {
  /// ``RNNCell``.
  case rnn
  /// ``LSTMCell``.
  case lstm
  /// ``GRUCell``.
  case gru

  /// The model options that a specification of this cell may carry.
  public var options: [CellOption] {
    switch self {
    case .rnn: [.activation, .initializer]
    case .lstm: [.initializer, .forgetBias]
    case .gru: [.initializer]
    }
  }

  /// The cell that `specification` describes.
  func make(_ specification: CellSpecification) -> any Cell {
    switch self {
    case .rnn: RNNCell(activation: specification.activation)
    case .lstm: LSTMCell()
    case .gru: GRUCell()
    }
  }
}

/// A model option in a cell specification, by its name there and on the command line.
public enum CellOption: String, Sendable, CaseIterable {
  /// ``CellSpecification/activation``.
  case activation
  /// ``CellSpecification/initializer``.
  case initializer = "init"
  /// ``CellSpecification/forgetBias``.
  case forgetBias = "forget-bias"
}
