/// A column of a ``SeriesTask``, which a model reads or predicts.
public struct SeriesColumn: Sendable {
  /// The column's name; without a header its number.
  public let name: String
  /// The values in the column's own units; those that are missing are made up.
  public let values: [Double]
  /// Whether each value is the file's own: false for those that are missing and made up.
  public let isKnown: [Bool]
  /// What brings the training part to mean 0 and standard deviation 1, or a model's own scaling.
  public let scaling: SeriesScaling
}
