import Foundation
import UnrollFileFormats

/// What brings columns to a model's inputs, and its outputs back to columns.
public struct SeriesScalings: Sendable, Equatable {
  /// One column's.
  public struct Column: Sendable, Equatable {
    /// The column's name; empty where it is not known.
    public let name: String
    /// Its scaling.
    public let scaling: SeriesScaling

    /// A scaling with its column's name.
    public init(name: String, scaling: SeriesScaling) {
      self.name = name
      self.scaling = scaling
    }
  }

  /// Of the columns that are read, in the order of the model's inputs.
  public let inputs: [Column]
  /// Of the columns that are predicted, in the order of the model's outputs.
  public let targets: [Column]

  /// The key of ``encoded`` in a model file's metadata.
  public static let metadataKey = SeriesScaling.metadataKey

  /// The scalings of columns that are read, and of those that are predicted.
  public init(inputs: [Column], targets: [Column]) {
    self.inputs = inputs
    self.targets = targets
  }

  /// One column, which is read and predicted.
  public init(_ scaling: SeriesScaling, column: String = "") {
    inputs = [Column(name: column, scaling: scaling)]
    targets = inputs
  }
}

// MARK: - Model files

extension SeriesScalings {
  /// `{"inputs": [{"column": "a", "mean": m, "deviation": s}, …], "targets": […]}`; of one column that is
  /// read and predicted, as ``SeriesScaling/encoded``.
  public var encoded: String {
    if inputs.count == 1, inputs == targets { return inputs[0].scaling.encoded }
    func list(_ columns: [Column]) -> JSONValue {
      .array(
        columns.map {
          [
            "column": .string($0.name), "mean": .number($0.scaling.mean),
            "deviation": .number($0.scaling.deviation),
          ]
        })
    }
    return JSONValue.object(["inputs": list(inputs), "targets": list(targets)]).encoded()
  }

  /// The scalings that ``encoded`` was written from.
  ///
  /// - Parameter column: the name of one column that is read and predicted, which the text does not have.
  /// - Throws: `FileProblem.invalidMetadata` for anything else.
  public init(decoding text: String, column: String = "") throws(FileProblem) {
    guard let object = (try? JSONValue(parsing: Data(text.utf8)))?.object, object["mean"] == nil
    else {
      self.init(try SeriesScaling(decoding: text), column: column)
      return
    }
    guard object.count == 2, let inputs = Self.columns(object["inputs"]),
      let targets = Self.columns(object["targets"])
    else {
      throw .invalidMetadata(
        key: Self.metadataKey, value: text,
        accepted: [
          #"{"inputs": [{"column": name, "mean": m, "deviation": s}, …], "targets": […]} with "#
            + "finite m and s, s above 0"
        ])
    }
    self.init(inputs: inputs, targets: targets)
  }

  private static func columns(_ value: JSONValue?) -> [Column]? {
    guard let array = value?.array, !array.isEmpty else { return nil }
    var columns: [Column] = []
    for value in array {
      guard let object = value.object, object.count == 3, let name = object["column"]?.string,
        let mean = object["mean"]?.double, let deviation = object["deviation"]?.double,
        let scaling = SeriesScaling(mean: mean, deviation: deviation)
      else { return nil }
      columns.append(Column(name: name, scaling: scaling))
    }
    return columns
  }
}
