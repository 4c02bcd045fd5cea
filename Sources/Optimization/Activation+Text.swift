import UnrollDenseMath
import UnrollText

extension Activation {
  /// The table of activations: parsing, help, lists and tests read it.
  public static let forms: [SettingForm<Activation>] = [
    SettingForm(
      "tanh", formula: "tanh x", source: "LeCun, Bottou, Orr & Müller 1998", .tanh),
    SettingForm("relu", formula: "max(x, 0)", source: "Nair & Hinton 2010", .relu),
    SettingForm(
      "sigmoid", formula: "1/(1 + e^-x)", source: "Rumelhart, Hinton & Williams 1986", .sigmoid),
    SettingForm(
      "identity", formula: "x", source: "Saxe, McClelland & Ganguli 2014", .identity),
    SettingForm(
      "leaky-relu", .any("slope", standard: 0.01),
      formula: "x where x > 0, otherwise slope·x", source: "Maas, Hannun & Ng 2013"
    ) { .leakyRelu(slope: $0) },
    SettingForm(
      "prelu", formula: "leaky-relu with a learned slope, ¼ at the start",
      source: "He, Zhang, Ren & Sun 2015", .prelu),
    SettingForm(
      "elu", .positive("α", standard: 1), formula: "x where x > 0, otherwise α(e^x - 1)",
      source: "Clevert, Unterthiner & Hochreiter 2016"
    ) { .elu(alpha: $0) },
  ]

  /// The forms accepted by ``init(parsing:)``.
  public static let accepted = forms.accepted()

  /// Reads an activation; `leaky-relu` alone has slope 0.01, `elu` alone α = 1.
  ///
  /// - Throws: ``InvalidSetting`` for any other text.
  public init(parsing text: String) throws(InvalidSetting) {
    if text.prefix(while: { $0 != ":" }) == "maxout" {
      throw InvalidSetting(
        value: text, accepted: "\(Self.accepted); maxout is for stacks of layers alone")
    }
    self = try Self.forms.setting(from: text)
  }
}

extension Activation: CustomStringConvertible {
  public var description: String {
    switch self {
    case .identity: "identity"
    case .tanh: "tanh"
    case .sigmoid: "sigmoid"
    case .relu: "relu"
    case .leakyRelu(let slope): "leaky-relu:\(slope.plainText)"
    case .prelu: "prelu"
    case .elu(let alpha): "elu:\(alpha.plainText)"
    }
  }
}
