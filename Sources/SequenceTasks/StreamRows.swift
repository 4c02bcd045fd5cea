import UnrollText

/// One long sequence cut into rows of equal length that run side by side.
///
/// The target of each step is the element after it, so the very last element used is a target only.
/// What is left over behind the last row is not used, unless rows are to cover all: then the last one is
/// shorter.
struct StreamRows {
  /// Elements between the starts of neighboring rows.
  let spacing: Int
  /// The steps of each row.
  let length: Int

  /// The steps of all rows together, were there no limit.
  private let targets: Int

  /// - Parameters:
  ///   - stepLimit: the most steps of a row, where not all of it is to be read.
  ///   - coversAll: whether the last row ends with the last element.
  init(elements: Int, rows: Int, stepLimit: Int = .max, coversAll: Bool = false) {
    require(rows >= 1, "expected at least 1 row, got \(rows)")
    targets = max(elements - 1, 0)
    spacing = targets / rows + (coversAll && targets % rows > 0 ? 1 : 0)
    length = min(spacing, stepLimit)
  }

  /// The element at `step` of `row`.
  func element(row: Int, step: Int) -> Int { row * spacing + step }

  /// How many of the `steps` steps from `first` on lie inside the rows.
  func steps(from first: Int, atMost steps: Int) -> Int { min(max(length - first, 0), steps) }

  /// How many of the `steps` steps from `first` on lie inside row `row`.
  func steps(ofRow row: Int, from first: Int, atMost steps: Int) -> Int {
    min(max(min(length, targets - row * spacing) - first, 0), steps)
  }

  /// The fewest elements that make `rows` rows of at least two steps.
  static func elementsNeeded(forRows rows: Int) -> Int {
    let (steps, overflowed) = rows.multipliedReportingOverflow(by: 2)
    return overflowed || steps == .max ? .max : steps + 1
  }
}
