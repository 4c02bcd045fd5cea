import UnrollDenseMath
import UnrollText

extension Activation {
  /// The table of activations, family by family: parsing, help, lists and tests read it.
  public static let forms: [SettingForm<Activation>] = [
    SettingForm(
      "identity", synonyms: ["linear"], formula: "x", source: "Saxe, McClelland & Ganguli 2014",
      .identity),

    SettingForm(
      "sigmoid", synonyms: ["logistic"], formula: "σ(x) = 1/(1 + e^-x)",
      source: "Rumelhart, Hinton & Williams 1986", .sigmoid),
    SettingForm(
      "hard-sigmoid", formula: "x/6 + 1/2, cut off below 0 and above 1",
      source: "Courbariaux, Bengio & David 2015; this slope: Howard et al. 2019", .hardSigmoid),
    SettingForm(
      "log-sigmoid", formula: "ln σ(x) = -ln(1 + e^-x)", source: "Cox 1958", .logSigmoid),

    SettingForm(
      "tanh", formula: "tanh x", source: "LeCun, Bottou, Orr & Müller 1998", .tanh),
    SettingForm(
      "hard-tanh", formula: "x, cut off below -1 and above 1", source: "Collobert 2004",
      .hardTanh),
    SettingForm(
      "softsign", formula: "x/(1 + |x|)", source: "Bergstra, Desjardins, Lamblin & Bengio 2009",
      .softsign),
    SettingForm(
      "arctan", synonyms: ["atan"], formula: "arctan x", source: "Kamruzzaman & Aziz 2002",
      .arctan),
    SettingForm(
      "scaled-tanh", synonyms: ["lecuntanh"], formula: "1.7159 tanh(2x/3)",
      source: "LeCun, Bottou, Orr & Müller 1998", .scaledTanh),

    SettingForm("relu", formula: "max(x, 0)", source: "Nair & Hinton 2010", .relu),
    SettingForm(
      "relu6", formula: "max(x, 0), cut off above 6", source: "Krizhevsky 2010", .relu6),
    SettingForm(
      "leaky-relu", .any("slope", standard: 0.01),
      formula: "x where x > 0, otherwise slope·x", source: "Maas, Hannun & Ng 2013"
    ) { .leakyRelu(slope: $0) },
    SettingForm(
      "prelu", formula: "leaky-relu with a learned slope, ¼ at the start",
      source: "He, Zhang, Ren & Sun 2015", .prelu),
    SettingForm(
      "rrelu",
      formula: "leaky-relu with the slope 11/48, but while unroll depth trains with each slope "
        + "drawn from U(⅛, ⅓)", source: "Xu, Wang, Chen & Li 2015", .rrelu),
    SettingForm(
      "elu", .positive("α", standard: 1), formula: "x where x > 0, otherwise α(e^x - 1)",
      source: "Clevert, Unterthiner & Hochreiter 2016"
    ) { .elu(alpha: $0) },
    SettingForm(
      "selu", formula: "1.0507 elu(x) with α = 1.6733",
      source: "Klambauer, Unterthiner, Mayr & Hochreiter 2017", .selu),
    SettingForm(
      "celu", .positive("α", standard: 1), formula: "x where x > 0, otherwise α(e^(x/α) - 1)",
      source: "Barron 2017"
    ) { .celu(alpha: $0) },
    SettingForm(
      "gelu", formula: "x Φ(x) with the normal distribution function Φ",
      source: "Hendrycks & Gimpel 2016", .gelu),
    SettingForm(
      "gelu:tanh", synonyms: ["gelutanh"],
      formula: "x (1 + tanh(√(2/π) (x + 0.044715 x^3)))/2, close to gelu",
      source: "Hendrycks & Gimpel 2016", .geluTanh),
    SettingForm(
      "silu", synonyms: ["swish"], formula: "x σ(x), also called swish",
      source: "Hendrycks & Gimpel 2016; Ramachandran, Zoph & Le 2017", .silu),
    SettingForm("mish", formula: "x tanh(ln(1 + e^x))", source: "Misra 2019", .mish),
    SettingForm(
      "softplus", .positive("β", standard: 1), formula: "ln(1 + e^(βx))/β",
      source: "Dugas, Bengio, Bélisle, Nadeau & Garcia 2001"
    ) { .softplus(beta: $0) },
  ]

  /// The forms accepted by ``init(parsing:)``.
  public static let accepted = forms.accepted()

  /// The forms alone, for a paragraph of text.
  package static let names = forms.map(\.text).joined(separator: ", ")

  /// Reads an activation, in any letters, with or without hyphens, so that PyTorch's names are read too;
  /// `leaky-relu` alone has slope 0.01, `elu` and `celu` α = 1, `softplus` β = 1.
  ///
  /// - Throws: ``InvalidSetting`` for any other text.
  public init(parsing text: String) throws(InvalidSetting) {
    do {
      self = try Self.forms.setting(from: Self.canonical(text))
    } catch {
      throw InvalidSetting(value: text, accepted: error.accepted)
    }
  }

  /// `text` with the name as the table has it: `leaky-relu:0.1` for `LeakyReLU:0.1`, `silu` for `swish`.
  package static func canonical(_ text: String) -> String { forms.canonical(text) }
}

extension Activation: CustomStringConvertible {
  public var description: String {
    switch self {
    case .identity: "identity"
    case .sigmoid: "sigmoid"
    case .hardSigmoid: "hard-sigmoid"
    case .logSigmoid: "log-sigmoid"
    case .tanh: "tanh"
    case .hardTanh: "hard-tanh"
    case .softsign: "softsign"
    case .arctan: "arctan"
    case .scaledTanh: "scaled-tanh"
    case .relu: "relu"
    case .relu6: "relu6"
    case .leakyRelu(let slope): "leaky-relu:\(slope.plainText)"
    case .prelu: "prelu"
    case .rrelu: "rrelu"
    case .elu(let alpha): "elu:\(alpha.plainText)"
    case .selu: "selu"
    case .celu(let alpha): "celu:\(alpha.plainText)"
    case .gelu: "gelu"
    case .geluTanh: "gelu:tanh"
    case .silu: "silu"
    case .mish: "mish"
    case .softplus(let beta): "softplus:\(beta.plainText)"
    }
  }
}
