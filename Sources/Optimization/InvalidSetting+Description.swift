import Foundation
import UnrollText

extension InvalidSetting: CustomStringConvertible, LocalizedError {
  /// The text and what is accepted, in one line.
  public var description: String {
    (value.isEmpty ? "an empty value" : "'\(value.shown)'") + ": must be \(accepted)"
  }

  public var errorDescription: String? { description }
}
