import UnrollDenseMath
import UnrollGradientFlow
import UnrollOptimization
import UnrollRecurrentCells

/// Something that a ``DecayStudy`` measures of each of its models beside the decay curves.
///
/// A quantity says what it is called and how it is measured. What is measured is a list of entries,
/// for example one for each layer; the list is empty where the quantity does not apply to a model, or
/// was not asked for. ``MeasuredModel/entries(of:)`` gives it back with its type.
public protocol DecayQuantity: Sendable {
  /// One piece of what is measured of a model, for example a layer's curve.
  associatedtype Entry: Sendable

  /// What the quantity is called: the name of its files, and its key in `summary.json`. Letters,
  /// digits, `-` and `_`; unique among the quantities of a study.
  var name: String { get }

  /// Measures one model.
  func measure(_ probe: DecayProbe) -> [Entry]
}

/// One model while it is measured, with all that a ``DecayQuantity`` may measure from.
public struct DecayProbe {
  /// The study, for its settings.
  public let study: DecayStudy
  /// What is measured: the model's label, cell and seed.
  public let subject: DecaySubject
  /// The model without weights.
  public let model: RecurrentModel
  /// θ, the weights that are measured.
  public let parameters: Parameters<Double>
  /// The sequences that the gradient is measured on: T steps of B rows.
  public let batch: Batch<Double>
  /// What one backward pass over the batch showed: decay curves, contributions, gates, ranges.
  public let measurement: GradientMeasurement
  /// Told of the progress of measurements that take long.
  public let observer: any DecayStudyObserver
}
