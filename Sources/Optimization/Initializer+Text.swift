import UnrollText

extension Initializer {
  /// The table of initializers: parsing, help, lists and tests read it.
  public static let forms: [SettingForm<Initializer>] = [
    SettingForm(
      "pytorch", formula: "all weights and biases uniform in ±1/√H",
      source: "PyTorch's nn.RNN, nn.LSTM and nn.GRU", .pytorch),
    SettingForm(
      "xavier", formula: "uniform in ±√(6/(n_in + n_out)), each gate's matrix by itself",
      source: "Glorot & Bengio 2010", .xavier),
    SettingForm(
      "lecun", formula: "normal, variance 1/n_in", source: "LeCun, Bottou, Orr & Müller 1998",
      .lecun),
    SettingForm(
      "he", formula: "normal, variance 2/n_in", source: "He, Zhang, Ren & Sun 2015", .he),
    SettingForm(
      "orthogonal", formula: "W_hh of each gate random orthogonal, the rest as xavier",
      source: "Saxe, McClelland & Ganguli 2014", .orthogonal),
    SettingForm(
      "identity", .any("s", standard: 1),
      formula: "W_hh = s·I for each gate, biases 0, the rest as pytorch",
      source: "Le, Jaitly & Hinton 2015"
    ) { .identity($0) },
    SettingForm(
      "normal", .nonNegative("σ"), formula: "normal, standard deviation σ",
      source: "Rumelhart, Hinton & Williams 1986: small random weights"
    ) { .normal($0) },
    SettingForm(
      "uniform", .nonNegative("b"), formula: "uniform in ±b",
      source: "Rumelhart, Hinton & Williams 1986: small random weights"
    ) { .uniform($0) },
  ]

  /// The forms accepted by ``init(parsing:)``.
  public static let accepted = forms.accepted()

  /// The forms with their formulas, for a paragraph of text.
  package static let formulas = forms.map { "\($0.accepted) (\($0.formula))" }.joined(
    separator: ", ")

  /// Reads an initializer; `identity` alone has s = 1.
  ///
  /// - Throws: ``InvalidSetting`` for any other text.
  public init(parsing text: String) throws(InvalidSetting) {
    self = try Self.forms.setting(from: text)
  }
}

extension Initializer: CustomStringConvertible {
  public var description: String {
    switch self {
    case .pytorch: "pytorch"
    case .xavier: "xavier"
    case .lecun: "lecun"
    case .he: "he"
    case .orthogonal: "orthogonal"
    case .identity(let scale): "identity:\(scale.plainText)"
    case .normal(let deviation): "normal:\(deviation.plainText)"
    case .uniform(let bound): "uniform:\(bound.plainText)"
    }
  }
}
