import UnrollRecurrentCells

/// A cell that computes nothing, where only its name and its number of gates matter.
struct IdleCell: Cell {
  let name: String
  let gates: Int

  func forward<Element>(_ step: CellStep<Element>) {}
  func backward<Element>(_ step: CellStep<Element>, _ gradient: CellGradient<Element>) {}
}
