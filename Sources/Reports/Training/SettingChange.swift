import UnrollFileFormats
import UnrollText

/// A setting that a resumed run was given anew.
public struct SettingChange: Equatable, Sendable {
  /// The updates that were made before; the present value holds from the next one on.
  public let after: Int
  /// What stands before the option of a file whose content has changed: `data.file`.
  package static let dataPrefix = "data."

  /// The setting's name, as in `config.json`: `learning-rate`; for a file whose content has changed,
  /// `data.file`.
  public let name: String
  /// The value up to there.
  public let before: JSONValue
  /// The value from there on.
  public let now: JSONValue

  /// The changes that `resumed` of a run's `config.json` tells of, in order. What is no setting, such
  /// as the kernels that a part was computed with, is left out.
  ///
  /// - Parameter settings: the values that hold at the end.
  public static func list(resumed: JSONValue?, settings: [String: JSONValue]) -> [SettingChange] {
    let parts = (resumed?.array ?? []).compactMap { part in
      part["after"]?.int.flatMap { after in part["before"]?.object.map { (after, $0) } }
    }
    return parts.enumerated().flatMap { index, part in
      part.1.compactMap { name, before in
        guard let last = settings[name] else { return nil }
        // A value that was changed again is what the next change found.
        let next = parts[(index + 1)...].lazy.compactMap { $0.1[name] }.first
        return SettingChange(after: part.0, name: name, before: before, now: next ?? last)
      }
    }
  }
}

extension SettingChange {
  /// What `summary.json` says.
  var json: JSONValue {
    ["after": .integer(after), "name": .string(name), "before": before, "now": now]
  }
}

extension SettingChange: CustomStringConvertible {
  /// `learning-rate 0.001 from update 41 on (0.01 before)`
  public var description: String {
    "\(name) \(Self.text(now)) from update \(NumberText.count(after + 1)) on "
      + "(\(Self.text(before)) before)"
  }

  /// The same for a figure, which has no room for what a file is.
  package var figureText: String {
    name.hasPrefix(Self.dataPrefix)
      ? "\(name) changed from update \(NumberText.count(after + 1)) on" : description
  }

  /// A number or a text as it is written on the command line; a file by its name, size and hash.
  private static func text(_ value: JSONValue) -> String {
    if let path = value["given"]?.string, let bytes = value["bytes"]?.int,
      let hash = value["sha256"]?.string
    {
      return "\(path.lastPathPart.escaped), \(FileFingerprint(bytes: bytes, sha256: hash))"
    }
    return value.string ?? value.double?.plainText ?? value.encoded()
  }
}
