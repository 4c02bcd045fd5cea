import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollTraining

/// One model under one way of training it, whose gradients are to be checked.
package struct CheckCase: Sendable {
  package enum Loss: String, CaseIterable, Sendable {
    case squaredError = "squared error"
    case crossEntropy = "cross-entropy"

    /// For a narrow column.
    package var shortName: String {
      switch self {
      case .squaredError: "squared"
      case .crossEntropy: "entropy"
      }
    }
  }

  /// The steps that have targets.
  package enum Supervision: String, CaseIterable, Sendable {
    case last = "last"
    /// Every step of rows that have different lengths, the steps beyond masked.
    case every = "every"
  }

  package enum InitialState: String, CaseIterable, Sendable { case zero, learned }

  package enum Inputs: String, CaseIterable, Sendable { case numbers, classes }

  /// Terms added to the loss, by name.
  package typealias NamedPenalty = (name: String, penalty: Penalty)

  package let label: String
  package let specification: CellSpecification
  package let sizes: CheckSizes
  package let layers: Int
  package let loss: Loss
  package let supervision: Supervision
  package let window: Truncation
  package let initialState: InitialState
  package let inputs: Inputs
  package let penalty: NamedPenalty

  /// The case in words, as JSON names it.
  package var name: String {
    [
      label, layers == 1 ? "1 layer" : "\(layers) layers",
      "\(loss.rawValue) at \(supervision == .last ? "the last step" : "every step")",
      "window \(window)", "\(initialState) initial state", "\(inputs) as inputs",
      penalty.name == "-" ? "no penalty" : penalty.name,
    ].joined(separator: ", ")
  }
}

extension CheckCase {
  /// For each cell the cases that try every pair of the other settings.
  package static func all(
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
  package static var allCells: [(label: String, specification: CellSpecification)] {
    CellKind.allCases.flatMap { kind in
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

  package static let penalties: [NamedPenalty] = [
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
