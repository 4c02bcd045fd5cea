import Foundation
import UnrollGradientFlow

/// A layer's exponents and what belongs beside them.
package struct MeasuredExponents {
  /// nil where a state or a Jacobian was not finite.
  package let spectrum: LyapunovSpectrum?
  /// nil where only some exponents were asked for.
  package let jacobians: JacobianSpectrum?
  package let bound: RecurrentWeightBound
  /// The geometric mean over rows of the norm along the path `state`, which is h for a cell without
  /// c.
  package let geometricMeans: [Double]
  /// The slope of the line fitted through its logarithm, which the largest exponent predicts.
  package let slope: Double?

  package init(
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

  package var layer: Int { bound.layer }

  package var largest: LyapunovSpectrum.Estimate? { spectrum?.exponents.first }

  /// The directions that are lost.
  package var lost: Int? { spectrum.map { $0.exponents.filter { $0.mean == -.infinity }.count } }
}
