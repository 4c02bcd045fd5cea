/// The sizes of a gradient's elements along the lags, held against what number formats can hold.
///
/// Elements are those of ∂ℓ_b/∂h (or ∂ℓ_b/∂c), row by row and without a factor 1/B, as the decay
/// curve's norms.
public struct RangeCurve: Sendable {
  /// Where a format runs out, each the first lag of its kind.
  public struct Limits: Sendable, Equatable {
    /// The format held against the curve.
    public let format: NumberFormat
    /// The largest element, rounded, is below the smallest normal number.
    public let belowNormal: Int?
    /// It is below the smallest subnormal number: the gradient is zero.
    public let belowSubnormal: Int?
    /// It is above the largest number.
    public let overflow: Int?
  }

  /// The layer, from 0 next to the input.
  public let layer: Int
  /// `hidden` or `cell`.
  public let path: DecayPath
  /// The largest element's absolute value at each lag.
  public let largest: [Double]
  /// The share of elements that float32 holds as subnormal numbers at each lag.
  public let subnormalShares: [Double]

  /// A curve of sizes measured elsewhere, one entry a lag.
  public init(layer: Int, path: DecayPath, largest: [Double], subnormalShares: [Double]) {
    self.layer = layer
    self.path = path
    self.largest = largest
    self.subnormalShares = subnormalShares
  }

  /// The lags at which `format` runs out; nil for those that never come.
  public func limits(of format: NumberFormat) -> Limits {
    let rounded = largest.map(format.rounded)
    return Limits(
      format: format, belowNormal: rounded.firstIndex { $0 < format.leastNormal },
      belowSubnormal: rounded.firstIndex { $0 < format.leastNonzero },
      overflow: rounded.firstIndex { $0 > format.greatest })
  }
}
