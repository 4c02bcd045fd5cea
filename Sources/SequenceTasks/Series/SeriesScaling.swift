import Foundation
import UnrollFileFormats

/// How a series is brought to mean 0 and standard deviation 1: z = (x − mean) / deviation.
public struct SeriesScaling: Sendable, Equatable {
  /// The mean of the values that the scaling was made from.
  public let mean: Double
  /// Above 0.
  public let deviation: Double

  /// The key of ``encoded`` in a model file's metadata.
  public static let metadataKey = "scaling"

  /// The mean and standard deviation (over n) of `values`; the deviation of a constant series
  /// counts as 1. Nil for no values, and where the mean or the variance is beyond Float64's normal
  /// numbers: a deviation below 1.5e-154 would be inexact, and squared errors zero.
  public init?(_ values: ArraySlice<Double>) {
    guard let least = values.min(), let largest = values.max() else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let variance = squares / Double(values.count)
    let isConstant = least == largest
    guard mean.isFinite, variance.isNormal || isConstant && variance.isFinite else { return nil }
    self.mean = isConstant ? least : mean
    deviation = isConstant ? 1 : variance.squareRoot()
  }

  /// The scaling of a mean and a deviation; nil unless both are finite and the deviation is above 0.
  public init?(mean: Double, deviation: Double) {
    guard mean.isFinite, deviation.isFinite, deviation > 0 else { return nil }
    self.mean = mean
    self.deviation = deviation
  }

  /// (x − mean) / deviation.
  public func scaled(_ value: Double) -> Double { (value - mean) / deviation }

  /// The value that ``scaled(_:)`` gives `value` for.
  public func unscaled(_ value: Double) -> Double { value * deviation + mean }

  /// A squared error of scaled values, in the series' own units squared.
  public func unscaled(loss: Double) -> Double { loss * deviation * deviation }
}

// MARK: - Model files

extension SeriesScaling {
  /// `{"mean": m, "deviation": s}`, exact.
  public var encoded: String {
    JSONValue.object(["mean": .number(mean), "deviation": .number(deviation)]).encoded()
  }

  /// The scaling that ``encoded`` was written from.
  ///
  /// - Throws: `FileProblem.invalidMetadata` unless it is an object of just these two finite
  ///   numbers with a deviation above 0.
  public init(decoding text: String) throws(FileProblem) {
    guard let object = (try? JSONValue(parsing: Data(text.utf8)))?.object, object.count == 2,
      let mean = object["mean"]?.double, let deviation = object["deviation"]?.double,
      let scaling = SeriesScaling(mean: mean, deviation: deviation)
    else {
      throw .invalidMetadata(
        key: Self.metadataKey, value: text,
        accepted: [#"{"mean": m, "deviation": s} with finite m and s, s above 0"#])
    }
    self = scaling
  }
}
