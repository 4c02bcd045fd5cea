import Foundation
import UnrollCommandLine
import UnrollGradientFlow
import UnrollText

/// A layer's exponents and what belongs beside them.
struct MeasuredExponents {
  /// nil where a state or a Jacobian was not finite.
  let spectrum: LyapunovSpectrum?
  /// nil where only some exponents were asked for.
  let jacobians: JacobianSpectrum?
  let bound: RecurrentWeightBound
  /// The geometric mean over rows of the norm along the path `state`, which is h for a cell without
  /// c.
  let geometricMeans: [Double]
  /// The slope of the line fitted through its logarithm, which the largest exponent predicts.
  let slope: Double?

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

  var layer: Int { bound.layer }

  var largest: LyapunovSpectrum.Estimate? { spectrum?.exponents.first }

  /// The directions that are lost.
  var lost: Int? { spectrum.map { $0.exponents.filter { $0.mean == -.infinity }.count } }
}
