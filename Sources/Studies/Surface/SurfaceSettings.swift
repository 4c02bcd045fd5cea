import UnrollOptimization
import UnrollSequenceTasks
import UnrollText

/// What `--surface` shows: the rules compared, and how descent goes.
package struct SurfaceSettings {
  package let rules: [Clipping]
  package let start: SurfacePlace
  package let rate: Double
  package let updates: Int

  package init(rules: [Clipping], start: SurfacePlace, rate: Double, updates: Int) {
    self.rules = rules
    self.start = start
    self.rate = rate
    self.updates = updates
  }
}

/// A place in the plane of w and b, written `w,b`.
package struct SurfacePlace: Sendable, Equatable, CustomStringConvertible {
  package static let accepted = "two numbers from -100 to 100 with a comma between: w,b"

  package let weight: Double
  package let bias: Double

  package init(weight: Double, bias: Double) {
    self.weight = weight
    self.bias = bias
  }

  /// Nil for any other text.
  package init?(_ text: String) {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard numbers.count == 2, let weight = numbers[0], let bias = numbers[1],
      abs(weight) <= 100, abs(bias) <= 100
    else { return nil }
    self.init(weight: weight, bias: bias)
  }

  package var description: String { "\(weight.plainText),\(bias.plainText)" }
}
