/// A number, or a list of numbers, that a lesson takes: `--factor`, `--weights`.
public struct LessonParameter: Sendable, Equatable {
  /// The option's name.
  public let name: String
  /// Stands for the value in help: `N`, `LIST`.
  public let placeholder: String
  /// What the values are, for help.
  public let summary: String
  /// The values where none are given.
  public let defaults: [Double]
  /// What a value may be.
  public let range: ClosedRange<Double>
  /// How many values there may be.
  public let counts: [Int]
  /// Whether values are whole numbers.
  public let isWhole: Bool

  private init(
    _ name: String, _ placeholder: String, _ summary: String, _ defaults: [Double],
    in range: ClosedRange<Double>,
    counts: [Int] = [1], isWhole: Bool = false
  ) {
    self.name = name
    self.placeholder = placeholder
    self.summary = summary
    self.defaults = defaults
    self.range = range
    self.counts = counts
    self.isWhole = isWhole
  }

  /// Weights, one for each layer, or one for all.
  static func weights(_ values: [Double]) -> LessonParameter {
    LessonParameter(
      "weights", "LIST", "weights of the units, one for all or one for each: 1,2,1,0.5", values,
      in: -1e6...1e6, counts: [1, values.count])
  }

  /// Biases, one for each layer, or one for all.
  static func biases(_ values: [Double]) -> LessonParameter {
    LessonParameter(
      "biases", "LIST", "biases of the units, one for all or one for each", values, in: -1e6...1e6,
      counts: [1, values.count])
  }

  /// An input.
  static func x(_ value: Double) -> LessonParameter {
    LessonParameter("x", "X", "input", [value], in: -1e6...1e6)
  }

  /// A target.
  static func y(_ value: Double) -> LessonParameter {
    LessonParameter("y", "Y", "target", [value], in: -1e6...1e6)
  }

  /// Factors of a power.
  static func factors(_ values: [Double]) -> LessonParameter {
    LessonParameter(
      "factors", "LIST", "factors by which layers multiply: 1.5,0.5", values, in: 1e-6...1e6,
      counts: Array(1...6))
  }

  /// Layers of a network.
  static func layers(_ value: Int, in range: ClosedRange<Double> = 2...1_000) -> LessonParameter {
    LessonParameter("layers", "N", "layers of a network", [Double(value)], in: range, isWhole: true)
  }

  /// Units of each layer.
  static func width(_ value: Int, in range: ClosedRange<Double> = 2...1_024) -> LessonParameter {
    LessonParameter("width", "N", "units of each layer", [Double(value)], in: range, isWhole: true)
  }

  /// Updates of a training.
  static func steps(_ value: Int, in range: ClosedRange<Double> = 1...100_000) -> LessonParameter {
    LessonParameter(
      "steps", "N", "updates of a training", [Double(value)], in: range, isWhole: true)
  }

  /// Time steps of a sequence.
  static func length(_ value: Int, in range: ClosedRange<Double> = 2...10_000) -> LessonParameter {
    LessonParameter(
      "length", "T", "time steps of a sequence", [Double(value)], in: range, isWhole: true)
  }

  /// λ of a penalty ½λ‖θ‖².
  static func penalty(_ value: Double) -> LessonParameter {
    LessonParameter("penalty", "λ", "factor of a penalty on the weights", [value], in: 1e-6...1)
  }

  /// A learning rate.
  static func rate(_ value: Double) -> LessonParameter {
    LessonParameter("rate", "η", "learning rate", [value], in: 1e-6...1e3)
  }

  /// k of a factor 2^k.
  static func exponent(_ value: Int) -> LessonParameter {
    LessonParameter(
      "exponent", "k", "the loss is multiplied by 2^k", [Double(value)], in: -60...40, isWhole: true
    )
  }
}
