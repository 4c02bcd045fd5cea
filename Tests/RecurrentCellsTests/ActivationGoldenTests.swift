import Foundation
import Testing
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization

/// Every activation against PyTorch (tools/reference/activations.py), at 61 points, kinks among them.
///
/// Tolerances in units of the precision times max(1, |x|): PyTorch takes 1 + erf and 1 + tanh, which
/// rounds to a unit of 1 on the left, times x. Up to 2 units were seen, 4 are accepted.
struct ActivationGoldenTests {
  @Test(arguments: Activation.samples) func matchesPyTorch(_ activation: Activation) throws {
    try check(activation, as: Double.self)
    try check(activation, as: Float.self)
  }

  private func check<Element: Scalar>(_ activation: Activation, as type: Element.Type) throws {
    let file = try golden("activations")
    let points = try file.doubles("x")
    func row() -> Matrix<Element> { Matrix(rows: 1, columns: points.count) }
    let (inputs, outputs, ones, slopes) = (row(), row(), row(), row())
    inputs.assign(points)
    ones.fill(1)
    outputs.apply(activation, slope: 0.25, to: inputs)
    slopes.applyDerivative(
      of: activation, slope: 0.25, preActivations: inputs, outputs: outputs, gradient: ones)
    for (got, name) in [(outputs, "value"), (slopes, "derivative")] {
      let wanted = try file.doubles("\(activation).\(name)")
      try #require(wanted.count == points.count)
      // A point is rounded to Float, which moves a smooth f by a unit of x times f′.
      for (index, x) in points.enumerated() {
        let unit = Double(Element.ulpOfOne) * max(1, abs(x))
        let error = abs(got.values[index] - wanted[index]) / unit
        #expect(error <= 4, "\(activation) \(type) \(name) at \(x): \(error) units off")
      }
    }
  }
}
