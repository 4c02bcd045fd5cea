import UnrollDenseMath

@testable import UnrollRecurrentCells

/// The specification of every cell of the table, with every activation where it takes one.
let everyCell = CellKind.builtIn.flatMap { kind in
  kind.options.contains(.activation)
    ? Activation.samples.map { "\(kind.name)/activation=\($0)" } : [kind.name]
}
