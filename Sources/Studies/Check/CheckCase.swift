import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollText
import UnrollTraining

/// One built-in model under one way of training it, whose gradients are checked against central
/// differences. A cell of your own is checked by ``ModelCheck``.
public struct CheckCase: Sendable {
  /// What the outputs are judged by.
  public enum Loss: String, CaseIterable, Sendable, CustomStringConvertible {
    /// The mean squared error, for outputs that are numbers.
    case squaredError = "squared error"
    /// The cross-entropy, for outputs that are classes.
    case crossEntropy = "cross-entropy"

    /// As in reports: `squared error`.
    public var description: String { rawValue }

    /// For a narrow column.
    public var shortName: String {
      switch self {
      case .squaredError: "squared"
      case .crossEntropy: "entropy"
      }
    }
  }

  /// The steps that have targets.
  public enum Supervision: String, CaseIterable, Sendable {
    /// The last step alone.
    case last = "last"
    /// Every step of rows that have different lengths, the steps beyond masked.
    case every = "every"
  }

  /// What the state is before the first step.
  public enum InitialState: String, CaseIterable, Sendable {
    /// Zero, and constant.
    case zero
    /// A parameter like any other.
    case learned
  }

  /// What enters the model at each step.
  public enum Inputs: String, CaseIterable, Sendable {
    /// A vector of numbers.
    case numbers
    /// One class of several, which selects a column of the input weights.
    case classes
  }

  /// A penalty added to the loss, and its name in reports; `-` for none.
  public typealias NamedPenalty = (name: String, penalty: Penalty)

  /// The cell's name in reports.
  public let label: String
  /// The cell, and how its weights are initialized.
  public let specification: CellSpecification
  /// The sizes of the model and its sequences.
  public let sizes: CheckSizes
  /// The number of stacked layers.
  public let layers: Int
  /// What the outputs are judged by.
  public let loss: Loss
  /// The steps that have targets.
  public let supervision: Supervision
  /// How the backward pass is truncated.
  public let window: Truncation
  /// What the state is before the first step.
  public let initialState: InitialState
  /// What enters the model at each step.
  public let inputs: Inputs
  /// What is added to the loss.
  public let penalty: NamedPenalty

  /// The case in words, as JSON names it.
  public var name: String {
    [
      label, NumberText.count(layers, "layer"),
      "\(loss.rawValue) at \(supervision == .last ? "the last step" : "every step")",
      "window \(window)", "\(initialState) initial state", "\(inputs) as inputs",
      penalty.name == "-" ? "no penalty" : penalty.name,
    ].joined(separator: ", ")
  }
}

extension CheckCase {
  /// For each cell, cases that together try every pair of two other settings: penalty, layers, window,
  /// loss, supervision, initial state and inputs.
  public static func all(
    of cells: [(label: String, specification: CellSpecification)], sizes: CheckSizes
  ) -> [CheckCase] {
    let windows = windows(of: sizes.length)
    let rows = CoveringArray.pairs(levels: [
      penalties.count, sizes.layers, windows.count, Loss.allCases.count,
      Supervision.allCases.count, InitialState.allCases.count, Inputs.allCases.count,
    ])
    return cells.flatMap { cell in
      rows.map { row in
        CheckCase(
          label: cell.label, specification: cell.specification, sizes: sizes, layers: row[1] + 1,
          loss: Loss.allCases[row[3]], supervision: Supervision.allCases[row[4]],
          window: windows[row[2]], initialState: InitialState.allCases[row[5]],
          inputs: Inputs.allCases[row[6]], penalty: penalties[row[0]])
      }
    }
  }

  /// Every cell of the table, with every activation where it takes one.
  ///
  /// Under He's initializer: small enough for smooth losses, and large enough that a gradient through
  /// three layers of sigmoids stays above the rounding of a difference.
  public static var allCells: [(label: String, specification: CellSpecification)] {
    CellKind.builtIn.flatMap { kind in
      let plain = CellSpecification(kind)
      guard kind.options.contains(.activation) else { return [plain] }
      return Activation.samples.map { activation in
        var specification = plain
        specification.activation = activation
        return specification
      }
    }.map { cell in
      var specification = cell
      specification.initializer = .he
      return (label: cell.description, specification: specification)
    }
  }

  /// The penalties that the cases of ``all(of:sizes:)`` have: none, L1, L2 and both.
  public static let penalties: [NamedPenalty] = [
    ("-", Penalty()), ("L1", Penalty(l1: 0.01)), ("L2", Penalty(l2: 0.02)),
    ("L1+L2", Penalty(l1: 0.01, l2: 0.02)),
  ]

  /// The whole sequence, K:K and K1:K2; each different from the others where the length allows it.
  private static func windows(of length: Int) -> [Truncation] {
    let half = max(length / 2, 1)
    let (period, depth) = (max(length / 3, 1), max(2 * length / 3, 1))
    return [
      .full, .windows(period: half, depth: half), .windows(period: period, depth: depth),
    ]
  }
}
