/// P-values of one family of tests, adjusted so that the chance of any false finding stays below the
/// level they are compared with (Holm 1979, *A simple sequentially rejective multiple test procedure*):
/// the k-th least of m is multiplied by m − k + 1, and is at least the one before it and at most 1.
public func holmAdjusted(_ pValues: [Double]) -> [Double] {
  var adjusted = pValues
  var largest = 0.0
  for (place, index) in pValues.indices.sorted(by: { pValues[$0] < pValues[$1] }).enumerated() {
    largest = max(largest, min(1, pValues[index] * Double(pValues.count - place)))
    adjusted[index] = largest
  }
  return adjusted
}
