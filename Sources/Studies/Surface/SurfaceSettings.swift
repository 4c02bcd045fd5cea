import UnrollOptimization
import UnrollSequenceTasks
import UnrollText

/// How gradient descent goes over the error of one recurrent unit (`SingleUnitError`). With the
/// defaults, descent without clipping is thrown far away by the first gradient on the wall, and clipped
/// descent has time to come to rest.
public struct SurfaceSettings: Sendable, Equatable {
  /// The clipping rules compared.
  public var rules: [Clipping] = [.none, .norm(1)]
  /// Where descent begins.
  public var start = SurfacePlace(weight: 4.9, bias: -2.3)
  /// The learning rate η.
  public var rate = 0.08
  /// The number of updates.
  public var updates = 500

  /// The defaults.
  public init() {}
}

/// A place in the plane of w and b, written `w,b`.
public struct SurfacePlace: Sendable, Equatable, CustomStringConvertible {
  /// The form accepted by ``init(_:)``.
  public static let accepted = "two numbers from -100 to 100 with a comma between: w,b"

  /// The recurrent weight w.
  public let weight: Double
  /// The bias b.
  public let bias: Double

  /// The place (w, b).
  public init(weight: Double, bias: Double) {
    self.weight = weight
    self.bias = bias
  }

  /// Parses `w,b`. Returns nil for a text that is not ``accepted``.
  public init?(_ text: String) {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard numbers.count == 2, let weight = numbers[0], let bias = numbers[1],
      abs(weight) <= 100, abs(bias) <= 100
    else { return nil }
    self.init(weight: weight, bias: bias)
  }

  /// The text that ``init(_:)`` parses.
  public var description: String { "\(weight.plainText),\(bias.plainText)" }
}
