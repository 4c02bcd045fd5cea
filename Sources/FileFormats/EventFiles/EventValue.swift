import Foundation

/// What an ``EventLog`` holds under a tag.
public enum EventValue: Sendable {
  /// A number, in float32.
  case scalar(Double)
  /// How many numbers fall into which range.
  case histogram(EventHistogram)
  /// A picture as a PNG file, and its size in pixels.
  case picture(png: Data, width: Int, height: Int)
  /// The settings that differ between the runs of a comparison, with the tags of its results.
  case comparison([EventSetting], results: [String])
  /// The settings of one run of a comparison, and the name of those that differ in their seeds alone.
  case sessionStart([(EventSetting, value: String)], group: String)
  /// How that run ended.
  case sessionEnd(isSuccess: Bool)

  /// The picture in a PNG file; nil for what is none.
  public init?(png: Data) {
    // A signature of 8 bytes, then the chunk IHDR, which begins with width and height.
    guard PNGFile.hasStart(png), png.count >= 24 else { return nil }
    func number(at offset: Int) -> Int {
      png.dropFirst(offset).prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }
    self = .picture(png: png, width: number(at: 16), height: number(at: 20))
  }

  /// Adds the fields of a `Summary.Value` behind its tag.
  func write(to message: inout ProtobufMessage) {
    switch self {
    case .scalar(let value): message.append(2, float: Float(value))
    case .histogram(let histogram): message.append(5) { histogram.write(to: &$0) }
    case .picture(let png, let width, let height):
      message.append(4) { image in
        image.append(1, integer: height)
        image.append(2, integer: width)
        // RGBA.
        image.append(3, integer: 4)
        image.append(4, bytes: png)
      }
    case .comparison(let settings, let results):
      message.appendHyperparameters(field: 2) { experiment in
        for setting in settings { experiment.append(4) { setting.write(to: &$0) } }
        for tag in results {
          experiment.append(5) { metric in metric.append(1) { $0.append(2, text: tag) } }
        }
      }
    case .sessionStart(let values, let group):
      message.appendHyperparameters(field: 3) { session in
        for (setting, value) in values {
          session.append(1, key: setting.name) { setting.write(value, to: &$0) }
        }
        session.append(4, text: group)
      }
    case .sessionEnd(let isSuccess):
      message.appendHyperparameters(field: 4) { $0.append(1, integer: isSuccess ? 1 : 2) }
    }
  }

  /// The tags that TensorBoard knows these values by.
  package static let comparisonTag = "_hparams_/experiment"
  package static let sessionStartTag = "_hparams_/session_start_info"
  package static let sessionEndTag = "_hparams_/session_end_info"
}

/// A setting that differs between the runs of a comparison: of numbers, or where one of its values is
/// none, of texts.
public struct EventSetting: Sendable {
  /// The setting's name: `learning-rate`.
  public let name: String
  /// The values that it takes, as written.
  public let values: [String]
  private let areNumbers: Bool

  /// A setting of these values, as they are written.
  public init(name: String, values: [String]) {
    self.name = name
    self.values = values
    areNumbers = values.allSatisfy { Self.number($0) != nil }
  }

  private static func number(_ text: String) -> Double? {
    CSVNumber.written(text).flatMap { $0.isFinite ? $0 : nil }
  }

  /// As an `HParamInfo`.
  fileprivate func write(to message: inout ProtobufMessage) {
    message.append(1, text: name)
    // STRING or FLOAT64.
    message.append(4, integer: areNumbers ? 3 : 1)
    message.append(5) { list in
      for value in values { list.append(1) { write(value, to: &$0) } }
    }
  }

  /// One of the values, as a `google.protobuf.Value`.
  fileprivate func write(_ value: String, to message: inout ProtobufMessage) {
    if areNumbers, let number = Self.number(value) {
      message.append(2, double: number)
    } else {
      message.append(3, text: value)
    }
  }
}

extension ProtobufMessage {
  /// Adds the metadata by which the plugin hparams knows a value: an `HParamsPluginData` whose field
  /// `field` is filled.
  fileprivate mutating func appendHyperparameters(
    field: Int, _ fill: (inout ProtobufMessage) -> Void
  ) {
    let content = ProtobufMessage { data in
      data.append(1, integer: 0)
      data.append(field, fill)
    }
    append(9) { metadata in
      metadata.append(1) { plugin in
        plugin.append(1, text: "hparams")
        plugin.append(2, bytes: content.bytes)
      }
    }
  }
}
