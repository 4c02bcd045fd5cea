import UnrollText

/// One long sequence cut into rows of equal length that run side by side.
///
/// The target of each step is the element after it, so the very last element used is a target only.
/// What is left over behind the last row is not used.
struct StreamRows {
  /// Elements between the starts of neighboring rows.
  let spacing: Int
  /// The steps of each row.
  let length: Int

  /// - Parameter stepLimit: the most steps of a row, where not all of it is to be read.
  init(elements: Int, rows: Int, stepLimit: Int = .max) {
    require(rows >= 1, "expected at least 1 row, got \(rows)")
    spacing = max(elements - 1, 0) / rows
    length = min(spacing, stepLimit)
  }

  /// The element at `step` of `row`.
  func element(row: Int, step: Int) -> Int { row * spacing + step }

  /// How many of the `steps` steps from `first` on lie inside the rows.
  func steps(from first: Int, atMost steps: Int) -> Int { min(max(length - first, 0), steps) }

  /// The fewest elements that make `rows` rows of at least two steps.
  static func elementsNeeded(forRows rows: Int) -> Int {
    let (steps, overflowed) = rows.multipliedReportingOverflow(by: 2)
    return overflowed || steps == .max ? .max : steps + 1
  }
}
