import UnrollDenseMath
import UnrollOptimization

extension Batch<Double> {
  /// The same batch with every number rounded to `type`.
  func converted<Other: Scalar>(to type: Other.Type) -> Batch<Other> {
    let result = Batch<Other>(shape)
    result.inputs.assign(inputs.values)
    result.targets.assign(targets.values)
    result.lossMask.assign(lossMask.values)
    (result.inputClasses, result.targetClasses) = (inputClasses, targetClasses)
    return result
  }

  /// The same batch with the digits that Float32 has.
  var roundedToFloat: Batch<Double> {
    let result = converted(to: Double.self)
    result.inputs.roundToFloat()
    result.targets.roundToFloat()
    return result
  }
}
