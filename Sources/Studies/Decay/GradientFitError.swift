import Foundation
import UnrollText

/// Gradients or initial states of a batch that are not those of the model's outputs or states.
public struct GradientFitError: Error, Equatable {
  /// The batch's file.
  public let path: String
  /// The model's file.
  public let model: String
  /// The tensor.
  public let tensor: String
  /// Its shape.
  public let got: [Int]
  /// The shape that the model's has; nil where the model has no such state.
  public let accepted: [Int]?
}

extension GradientFitError: CustomStringConvertible, LocalizedError {
  /// What is wrong and what is accepted, on one line.
  public var description: String {
    let start = "\(path.escaped): tensor \(tensor.quoted)"
    guard let accepted else {
      return start + " is for a cell with a cell state; \(model.escaped) has none"
    }
    return start + " has the shape \(got.shapeText); accepted for \(model.escaped): "
      + accepted.shapeText
  }

  /// ``description``.
  public var errorDescription: String? { description }
}
