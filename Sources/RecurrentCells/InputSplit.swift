/// Which rows of W_ih (and b_ih) belong to which columns of the gates' buffer.
package struct InputSplit: Sendable {
  package let parts: [(rows: Range<Int>, columns: Range<Int>)]

  package init(_ cell: any Cell, hidden: Int) {
    let units = cell.gates * hidden
    let joined = cell.separatesLastGate ? units - hidden : units
    parts =
      [(0..<joined, 0..<joined)]
      + (cell.separatesLastGate ? [(joined..<units, units..<units + hidden)] : [])
  }
}
