/// How a command's work ended: `outcome` in `summary.json`.
public enum RunOutcome: String, Sendable, CustomStringConvertible {
  /// All that was asked for is done.
  case finished
  /// The user ended it early; what was done until then is there.
  case interrupted
  /// Training ended early because a loss or a gradient was not finite.
  case nonFinite = "nonfinite"

  /// As in files: `nonfinite`.
  public var description: String { rawValue }
}
