import UnrollCommandLine
import UnrollText

extension Arguments {
  /// Refuses a list that has a value twice, however it is written.
  ///
  /// - Parameter values: those of the option called `name`, in the one way in which files have them.
  /// - Throws: `UsageError.rejectedBecause`.
  func requireDistinct(_ name: String, _ values: [String]) throws {
    for (place, value) in values.enumerated() {
      guard let first = values[..<place].firstIndex(of: value) else { continue }
      throw rejection(
        of: OptionKey<String>(name),
        because: RepeatedValue(value: value, places: (first + 1, place + 1)))
    }
  }
}

/// A value that a list has twice.
private struct RepeatedValue: WordedError {
  let value: String
  let places: (Int, Int)

  var exitStatus: ExitStatus { .usage }
  var message: String { "value \(places.1) is value \(places.0) again, \(value.shown)" }
}
