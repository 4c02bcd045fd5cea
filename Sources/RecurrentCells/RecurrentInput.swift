import UnrollText

/// What the rows of W_hh that belong to a gate multiply: the layer forms their gradient from it.
public enum RecurrentInput: Sendable, Equatable {
  /// h_{t−1}.
  case previousHidden
  /// A block of the gates' buffer [B, H], as forward leaves it: r ⊙ h_{t−1}, for instance.
  case block(Int)
  /// Nothing: the cell does not use these rows, whose gradient is zero.
  case unused
}

/// Which rows of W_hh multiply what. Neighboring gates with the same input share a part, so that
/// their gradient is one product.
package struct RecurrentSplit: Sendable {
  /// Rows of W_hh, which are also columns of the gates' gradients, and what they multiply.
  package private(set) var parts: [(rows: Range<Int>, input: RecurrentInput)] = []

  package init(_ cell: any Cell, hidden: Int) {
    for gate in 0..<cell.gates {
      let input = cell.recurrentInput(of: gate)
      if case .block(let block) = input {
        require(
          block >= 0 && block < cell.blocks,
          "expected a block in 0..<\(cell.blocks) as recurrent input of gate \(gate) of \(cell.name), got \(block)"
        )
      }
      let rows = gate * hidden..<(gate + 1) * hidden
      if let last = parts.last, last.input == input {
        parts[parts.count - 1].rows = last.rows.lowerBound..<rows.upperBound
      } else {
        parts.append((rows, input))
      }
    }
    parts.removeAll { $0.input == .unused }
  }
}
