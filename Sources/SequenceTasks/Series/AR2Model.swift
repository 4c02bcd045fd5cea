import UnrollText

/// A linear model of second order with an intercept, x_t = c + a₁·x_{t−1} + a₂·x_{t−2}
/// (Yule 1927, who made it for the sunspot numbers).
public struct AR2Model: Sendable, Equatable {
  /// c.
  public let intercept: Double
  /// a₁ and a₂.
  public let coefficients: (first: Double, second: Double)

  /// Fits by least squares over every value that has two before it: the normal equations of centerd
  /// data. Where the values do not tell a₂, or both, from the intercept (a line, a constant, gaps
  /// everywhere), those are 0.
  ///
  /// - Parameter isKnown: whether each value counts, by the same indices; nil where all do.
  /// - Precondition: at least 3 values.
  public init(fitting values: ArraySlice<Double>, isKnown: ArraySlice<Bool>? = nil) {
    require(values.count >= 3, "expected at least 3 values, got \(values.count)")
    let places = values.indices.dropFirst(2).filter { place in
      isKnown?[place - 2...place].allSatisfy(\.self) ?? true
    }
    let known = values.indices.filter { isKnown?[$0] ?? true }
    let target = Centerd((places.isEmpty ? known : places).map { values[$0] })
    let first = Centerd(places.map { values[$0 - 1] })
    let second = Centerd(places.map { values[$0 - 2] })
    guard !places.isEmpty else {
      (coefficients, intercept) = ((0, 0), target.mean)
      return
    }
    // (s11 s12; s12 s22) (a1, a2) = (s1y, s2y), solved by elimination.
    let (s11, s12, s22) = (first.dot(first), first.dot(second), second.dot(second))
    let (s1y, s2y) = (first.dot(target), second.dot(target))
    let factor = s11 > 0 ? s12 / s11 : 0
    let pivot = s22 - factor * s12
    let isDetermined = pivot > 1e-12 * s22
    let a2 = isDetermined ? (s2y - factor * s1y) / pivot : 0
    let a1 = s11 > 0 ? (s1y - s12 * a2) / s11 : 0
    coefficients = (a1, a2)
    intercept = target.mean - a1 * first.mean - a2 * second.mean
  }

  /// The value after `last`, before which came `beforeLast`.
  public func prediction(after last: Double, _ beforeLast: Double) -> Double {
    intercept + coefficients.first * last + coefficients.second * beforeLast
  }

  /// Whether all three numbers are the same.
  public static func == (a: AR2Model, b: AR2Model) -> Bool {
    a.intercept == b.intercept && a.coefficients == b.coefficients
  }
}

/// Values with their mean taken off.
private struct Centerd {
  let mean: Double
  let values: [Double]

  init(_ values: [Double]) {
    // Equal values leave exactly 0, which the mean's rounding would not.
    let mean =
      values.min() == values.max()
      ? values.first ?? 0 : values.reduce(0, +) / Double(values.count)
    self.mean = mean
    self.values = values.map { $0 - mean }
  }

  func dot(_ other: Centerd) -> Double {
    zip(values, other.values).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
