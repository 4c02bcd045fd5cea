import UnrollFileFormats
import UnrollGradientFlow
import UnrollText

/// A model with its decay curves, and what else was measured of it.
public struct MeasuredModel: Sendable {
  /// The curve of one layer along one path.
  public struct Curve: Sendable {
    /// The norms at each lag, row by row.
    public let curve: DecayCurve
    /// The line fitted through the curve's logarithm, and what follows from it.
    public let fit: DecayFit
  }

  /// The model's label, cell and seed.
  public let subject: DecaySubject
  /// How the training before measuring went; nil where there was none.
  public let training: DecayTraining?
  /// The loss that is differentiated, the mean over the batch's rows; nil where the batch has the
  /// gradient instead.
  public let loss: Double?
  /// Every layer's curves: `h`, `c` where the cell has one, and `state`; then, where gradient enters at
  /// more than one step, the same of what enters last.
  public let curves: [Curve]
  /// What was measured of each quantity, by its name.
  private var entries: [String: any Sendable] = [:]

  init(
    _ subject: DecaySubject, training: DecayTraining?, _ measurement: GradientMeasurement
  ) {
    self.subject = subject
    self.training = training
    loss = measurement.loss
    curves = measurement.curves.map { Curve(curve: $0, fit: DecayFit($0)) }
  }

  /// What was measured of `quantity`; empty where it was not measured.
  public func entries<Quantity: DecayQuantity>(of quantity: Quantity) -> [Quantity.Entry] {
    entries[quantity.name] as? [Quantity.Entry] ?? []
  }

  mutating func take(_ quantity: some DecayQuantity, from probe: DecayProbe) {
    let (name, taken) = (quantity.name, quantity.measure(probe))
    require(entries[name] == nil, "expected quantities of different names, got \(name) twice")
    entries[name] = taken
  }

  /// What names the model in a CSV table: its label and its cell.
  public var names: [CSVField] {
    [.text(subject.label), .text(subject.specification.kind.name)]
  }

  /// Whether its training went to its end, or broke off by itself; true without a training.
  public var isDone: Bool { training?.isDone ?? true }
}

extension DecayCurve {
  /// The path, followed by its layer where there are several, as in PyTorch's names: `h l0`.
  package func pathName(hasLayers: Bool) -> String {
    hasLayers ? "\(pathName) l\(layer)" : pathName
  }
}
