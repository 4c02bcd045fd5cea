extension Range<Int> {
  /// Cut into at most `parts` ranges of nearly equal length, none of them empty.
  package func cut(into parts: Int) -> [Range] {
    let parts = Swift.min(parts, count)
    return (0..<parts).map { part in
      lowerBound + part * count / parts..<lowerBound + (part + 1) * count / parts
    }
  }
}
