import UnrollDenseMath
import UnrollOptimization
import UnrollText

/// A cell with its model options, as written in `--cell` and `--cells`: a name, then options after
/// slashes, `rnn/activation=relu/init=identity:1`.
public struct CellSpecification: Sendable, Equatable {
  /// Which cell.
  public var kind: CellKind
  /// The activation of `rnn`.
  public var activation = Activation.tanh
  /// How the weights start.
  public var initializer = Initializer.pytorch
  /// What the two forget biases sum to, for a cell that has them; nil leaves the initializer's.
  public var forgetBias: Double? = 1

  /// `kind` with the default options.
  public init(_ kind: CellKind) { self.kind = kind }

  /// The specification of `cell`, one of the built-in cells or one of your own.
  public init(cell: any Cell) {
    let kind = CellKind.builtIn.first { type(of: Self($0).makeCell()) == type(of: cell) }
    self.init(kind ?? CellKind(cell))
    if let cell = cell as? RNNCell { activation = cell.activation }
  }

  /// The cell that this specification describes.
  public func makeCell() -> any Cell { kind.make(self) }

  /// The forms accepted by ``init(parsing:defaults:cells:)`` for the built-in cells.
  public static let accepted = accepted(CellKind.builtIn)

  private static func accepted(_ cells: [CellKind]) -> String {
    cells.map(form).listed("or")
  }

  private static func form(of kind: CellKind) -> String {
    ([kind.name] + kind.options.map { "[/\($0.rawValue)=…]" }).joined()
  }

  /// Reads a specification.
  ///
  /// - Parameters:
  ///   - defaults: options, with their values, for cells that take them and do not say otherwise: the
  ///     command line's `--activation`, `--init`, `--forget-bias`.
  ///   - cells: the cells that may be named.
  /// - Throws: ``InvalidSetting`` naming the part that is wrong and what is accepted there.
  public init(
    parsing text: String, defaults: [(CellOption, String)] = [],
    cells: [CellKind] = CellKind.builtIn
  ) throws(InvalidSetting) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard let name = parts.first, let kind = cells.first(where: { $0.name == name }) else {
      throw InvalidSetting(value: text, accepted: Self.accepted(cells))
    }
    self.init(kind)
    for (option, value) in defaults where kind.options.contains(option) {
      try set(option, to: value)
    }
    var given: [CellOption] = []
    for part in parts.dropFirst() {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2, let option = CellOption(rawValue: String(pair[0])),
        kind.options.contains(option), !given.contains(option)
      else {
        throw InvalidSetting(
          value: text, accepted: "\(Self.form(of: kind)), no option more than once")
      }
      given.append(option)
      try set(option, to: String(pair[1]))
    }
  }

  private mutating func set(_ option: CellOption, to value: String) throws(InvalidSetting) {
    switch option {
    case .activation:
      activation = try Activation(parsing: value)
    case .initializer:
      initializer = try Initializer(parsing: value)
    case .forgetBias:
      if value == "none" {
        forgetBias = nil
      } else if let number = Double(value), number.isFinite {
        forgetBias = number
      } else {
        throw InvalidSetting(value: value, accepted: "a number or none")
      }
    }
  }
}

extension CellSpecification: CustomStringConvertible {
  /// The shortest text that reads back as this specification with no defaults given.
  public var description: String {
    var parts = [kind.name]
    for option in kind.options {
      switch option {
      case .activation where activation != .tanh: parts.append("activation=\(activation)")
      case .initializer where initializer != .pytorch: parts.append("init=\(initializer)")
      case .forgetBias where forgetBias != 1:
        parts.append("forget-bias=\(forgetBias?.plainText ?? "none")")
      default: break
      }
    }
    return parts.joined(separator: "/")
  }
}
