import Foundation
import UnrollGradientFlow

/// The Lyapunov exponents of one layer and what they are compared with.
///
/// A Lyapunov exponent λ says by which factor e^λ a step stretches a small change of the state in one
/// direction, in the mean over many steps; a layer of n state numbers has n of them. The largest one
/// predicts the rate of the layer's decay curve.
public struct MeasuredExponents: Sendable {
  /// The exponents, largest first; nil where a state or a Jacobian was not finite.
  public let spectrum: LyapunovSpectrum?
  /// The singular values of the Jacobian over several steps; nil where only some exponents were asked
  /// for.
  public let jacobians: JacobianSpectrum?
  /// What the recurrent weights alone say about a step's factor.
  public let bound: RecurrentWeightBound
  /// The geometric mean over rows of the norm along the path `state`, lag by lag. For a cell without c
  /// the state is h.
  public let geometricMeans: [Double]
  /// The slope, in ln per step, of the line fitted through ln ``geometricMeans``; the largest exponent
  /// predicts it. nil where no line can be fitted.
  public let slope: Double?

  init(
    spectrum: LyapunovSpectrum?, jacobians: JacobianSpectrum?, bound: RecurrentWeightBound,
    curve: DecayCurve?
  ) {
    (self.spectrum, self.jacobians, self.bound) = (spectrum, jacobians, bound)
    let means = curve?.geometricMeans ?? []
    geometricMeans = means
    slope = curve.flatMap { curve in
      DecayFit(DecayCurve(layer: curve.layer, path: curve.path, norms: means.map { [$0] })).rate
        .map { log($0) }
    }
  }

  /// The layer, from 0.
  public var layer: Int { bound.layer }

  /// The largest exponent, in ln per step.
  public var largest: LyapunovSpectrum.Estimate? { spectrum?.exponents.first }

  /// The number of directions that are lost, whose exponent is −∞.
  public var lost: Int? { spectrum.map { $0.exponents.filter { $0.mean == -.infinity }.count } }
}
