import UnrollDenseMath

@testable import UnrollRecurrentCells

/// The specification of every cell of the table, with every activation where it takes one.
let everyCell = CellKind.allCases.flatMap { kind in
  kind.options.contains(.activation)
    ? Activation.samples.map { "\(kind.rawValue)/activation=\($0)" } : [kind.rawValue]
}
