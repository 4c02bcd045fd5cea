import UnrollFileFormats

/// Checks that a log has everything that was written to it before a checkpoint.
package enum LoggedSteps {
  /// Refuses rows unless their first fields are the updates 1 to `count`, each once and in order.
  ///
  /// - Throws: `FileProblem.missingRows` or `.disorderedRows`.
  package static func requireEvery(
    upTo count: Int, in rows: [[String]]
  ) throws(FileProblem) {
    try require(
      stride(from: 1, through: count, by: 1), upTo: count, in: rows.map { $0.first ?? "" })
  }

  /// Refuses the rows of a log with several rows for each measurement, unless there is a whole
  /// measurement at 0 and after every `interval` updates up to `count`.
  ///
  /// - Throws: `FileProblem.missingRows` or `.disorderedRows`.
  package static func requireMeasurements(
    every interval: Int, upTo count: Int, in rows: [[String]]
  ) throws(FileProblem) {
    var steps: [String] = []
    /// What distinguishes the rows of one measurement: the same for each.
    var names: [[ArraySlice<String>]] = []
    for row in rows {
      if steps.last != row.first {
        steps.append(row.first ?? "")
        names.append([])
      }
      names[names.count - 1].append(row.dropFirst().prefix(3))
    }
    // One that was cut short counts as missing.
    let whole = zip(steps, names).filter { $0.1 == names[0] }.map(\.0)
    try require(stride(from: 0, through: count, by: interval), upTo: count, in: whole)
  }

  private static func require(
    _ expected: StrideThrough<Int>, upTo count: Int, in found: [String]
  ) throws(FileProblem) {
    var rest = found[...]
    var previous = "none"
    for step in expected {
      guard let next = rest.popFirst() else {
        throw .missingRows(column: "step", rows: step...count, last: count)
      }
      let value = Int(next) ?? -1
      guard value >= step else {
        throw .disorderedRows(column: "step", value: next, previous: previous)
      }
      if value > step {
        throw .missingRows(column: "step", rows: step...value - 1, last: count)
      }
      previous = next
    }
    if let next = rest.first {
      throw .disorderedRows(column: "step", value: next, previous: previous)
    }
  }
}
