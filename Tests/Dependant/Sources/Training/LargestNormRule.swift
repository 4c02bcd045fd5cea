import UnrollKit

/// Scales the whole gradient to half of the largest norm so far where it is longer.
public struct LargestNormRule: ClippingRule {
  public let name = "largest-norm"

  public init() {}

  public func makeClipper<Element: Scalar>(
    for layout: ParameterLayout, chunk: Int, as type: Element.Type
  ) -> any Clipper<Element> {
    LargestNormClipper<Element>()
  }
}

/// Unchecked: only `decide` and `restore` write, which are called while no other thread uses it.
private final class LargestNormClipper<Element: Scalar>: Clipper, @unchecked Sendable {
  private(set) var commonFactor: Double? = 1
  private var largest = 0.0

  func decide(norm: Double) {
    largest = max(largest, norm)
    commonFactor = norm > largest / 2 ? largest / 2 / norm : 1
  }

  func clip(_ chunk: Int, gradient: Matrix<Element>) -> Bool {
    guard let commonFactor, commonFactor < 1 else { return false }
    gradient.scale(by: Element(commonFactor))
    return true
  }

  /// A resumed run must know the largest norm.
  var history: [Double] { [largest] }

  func restore(history: [Double], updates: Int) throws(InvalidHistory) {
    guard history.count == 1, history[0] >= 0 else {
      throw InvalidHistory(expected: "the largest norm")
    }
    largest = history[0]
  }
}
