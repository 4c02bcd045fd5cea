import Foundation
import UnrollDenseMath

/// What clipping did to one gradient as a whole.
public struct ClippingEffect: Sendable, Equatable, Codable {
  /// ‖clipped‖/‖unclipped‖, the effective step size.
  public let factor: Double
  /// Between the clipped and the unclipped gradient, in degrees; exactly 0 where the rule scales the
  /// whole gradient.
  public let angle: Double

  /// An effect as measured.
  public init(factor: Double, angle: Double) {
    self.factor = factor
    self.angle = angle
  }

  /// Of a gradient that was left alone.
  public static let unchanged = ClippingEffect(factor: 1, angle: 0)

  /// Under `state:τ` the unclipped gradient takes a second backward pass: it is measured in every
  /// update whose number is a multiple of this.
  public static let stateInterval = 10
}

/// Measures a ``ClippingEffect`` chunk by chunk, so that it does not depend on the number of threads.
final class ClippingMeter<Element: Scalar> {
  /// The gradient without clipping, all of it; scaled while it is compared.
  let unclipped: Matrix<Element>
  private let unclippedNorms: Matrix<Double>
  private let clippedNorms: Matrix<Double>
  private let products: Matrix<Double>
  private var norm = 0.0
  /// 1/‖unclipped‖, so that products of Float64 elements do not overflow.
  private var scale = Element(0)

  /// - Parameter unclipped: a buffer to use.
  init(unclipped: Matrix<Element>, chunks: Int) {
    self.unclipped = unclipped
    unclippedNorms = Matrix(rows: 1, columns: chunks)
    clippedNorms = Matrix(rows: 1, columns: chunks)
    products = Matrix(rows: 1, columns: chunks)
  }

  /// Begins the comparison with a gradient whose norm without clipping is `norm`.
  func start(norm: Double) {
    self.norm = norm
    scale = Element(1 / norm)
  }

  /// Compares elements `places` of the unclipped gradient with what clipping made of them.
  func compare(_ chunk: Int, _ places: Range<Int>, with clipped: Matrix<Element>) {
    let part = unclipped.slice(places)
    part.scale(by: scale)
    unclippedNorms[0, chunk] = part.norm
    clippedNorms[0, chunk] = clipped.norm
    products[0, chunk] = part.dot(clipped)
  }

  /// The effect on the gradient compared; nil where there is no angle, because nothing is left of the
  /// gradient or it is too long or short for its own reciprocal.
  var effect: ClippingEffect? {
    let clippedNorm = clippedNorms.norm
    let unclippedNorm = unclippedNorms.norm
    guard scale.isNormal, clippedNorm > 0, unclippedNorm > 0 else { return nil }
    var product = 0.0
    for chunk in 0..<products.count { product += products[0, chunk] }
    let cosine = product / clippedNorm / unclippedNorm
    return ClippingEffect(
      factor: clippedNorm / norm, angle: acos(min(1, max(-1, cosine))) * 180 / .pi)
  }
}
