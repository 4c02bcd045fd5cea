import UnrollText

/// A cell that specifications and model files can name: one of the built-in ones, or one of your own.
///
/// ``builtIn`` is the table that command line, help and shared tests read.
public struct CellKind: Sendable {
  /// The name in specifications and files.
  public let name: String
  /// The model options that a specification of this cell may carry.
  public let options: [CellOption]
  /// What the cell computes at each step, as an equation; blank for a cell of your own.
  public let formula: String
  /// The paper it comes from; blank for a cell of your own.
  public let source: String
  private let makeCell: @Sendable (CellSpecification) -> any Cell

  private init(
    name: String, options: [CellOption], formula: String = "", source: String = "",
    make: @escaping @Sendable (CellSpecification) -> any Cell
  ) {
    self.name = name
    self.options = options
    self.formula = formula
    self.source = source
    makeCell = make
  }

  /// A cell of your own, under its own name.
  ///
  /// - Precondition: the name is not a built-in cell's, and has neither `/` nor `,`.
  public init(_ cell: any Cell) {
    let name = cell.name
    require(
      Self.isFree(name, among: Self.builtIn),
      "expected a name without / and , that no built-in cell has, got '\(name)'")
    self.init(
      name: name, options: cell.forgetGate == nil ? [.initializer] : [.initializer, .forgetBias]
    ) { _ in cell }
  }

  /// The cell that `specification` describes.
  func make(_ specification: CellSpecification) -> any Cell { makeCell(specification) }
}

extension CellKind {
  /// ``RNNCell``.
  public static let rnn = CellKind(
    name: "rnn", options: [.activation, .initializer],
    formula: "h_t = f(W_ih x_t + b_ih + W_hh h_(t-1) + b_hh), with the activation f",
    source: "Elman 1990"
  ) { RNNCell(activation: $0.activation) }

  /// ``LSTMCell``.
  public static let lstm = CellKind(
    name: "lstm", options: [.initializer, .forgetBias],
    formula: "c_t = f c_(t-1) + i g, h_t = o tanh(c_t), with gates i, f, o and candidate g",
    source: "Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000"
  ) { _ in LSTMCell() }

  /// ``GRUCell``.
  public static let gru = CellKind(
    name: "gru", options: [.initializer],
    formula: "h_t = z h_(t-1) + (1 - z) n, with update gate z and candidate n of r and h_(t-1)",
    source: "Cho et al. 2014"
  ) { _ in GRUCell() }

  /// The built-in cells.
  public static let builtIn = [rnn, lstm, gru]

  /// The built-in cells, and cells of a user's own.
  ///
  /// - Throws: ``ModelFileError/cellName(_:)`` for a name that cannot be an own cell's.
  static func builtIn(and own: [any Cell]) throws(ModelFileError) -> [CellKind] {
    var kinds = builtIn
    for cell in own {
      guard isFree(cell.name, among: kinds) else { throw .cellName(cell.name) }
      kinds.append(CellKind(cell))
    }
    return kinds
  }

  /// Whether `name` can be that of one more cell beside `kinds`.
  private static func isFree(_ name: String, among kinds: [CellKind]) -> Bool {
    !name.isEmpty && !name.contains { "/,".contains($0) } && !kinds.contains { $0.name == name }
  }
}

extension CellKind: Hashable, CustomStringConvertible {
  /// Whether the names are the same.
  public static func == (a: CellKind, b: CellKind) -> Bool { a.name == b.name }
  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
  /// The name.
  public var description: String { name }
}

/// A model option in a cell specification, by its name there and on the command line.
public enum CellOption: String, Sendable, CaseIterable, CustomStringConvertible {
  /// ``CellSpecification/activation``.
  case activation
  /// ``CellSpecification/initializer``.
  case initializer = "init"
  /// ``CellSpecification/forgetBias``.
  case forgetBias = "forget-bias"

  /// As in a specification: `forget-bias`.
  public var description: String { rawValue }

  /// The built-in cells that take this option, by name: `rnn, lstm`.
  package var takers: String {
    CellKind.builtIn.filter { $0.options.contains(self) }.map(\.name).joined(separator: ", ")
  }
}
