import UnrollCommandLine
import UnrollDenseMath
import UnrollFeedForward
import UnrollOptimization
import UnrollRecurrentCells
import UnrollStudies

// What shells offer for settings, from the settings' own tables.

extension Suggestion {
  /// The forms of a setting: its name, and where it takes a number, the name with a colon.
  private static func forms<Setting>(_ forms: [SettingForm<Setting>]) -> [Suggestion] {
    forms.flatMap { form in
      let alone = [Suggestion(form.name, form.formula)]
      guard let number = form.number else { return alone }
      return (number.standard == nil ? [] : alone) + [Suggestion(form.name + ":", form.formula)]
    }
  }

  static let activation: @Sendable (String) -> [Suggestion] = { _ in forms(Activation.forms) }
  static let initializer: @Sendable (String) -> [Suggestion] = { _ in forms(Initializer.forms) }

  static let clipping: @Sendable (String) -> [Suggestion] = { _ in
    [Suggestion("none", "no clipping")]
      + Clipping.rules.map { Suggestion($0.name + ":", $0.summary) }
  }

  static let window: @Sendable (String) -> [Suggestion] = { _ in
    [Suggestion("full", "the whole sequence")]
  }

  static let recompute: @Sendable (String) -> [Suggestion] = { _ in
    [
      Suggestion("auto", "where not all states fit"),
      Suggestion("every:", "a state kept every N steps"),
      Suggestion("memory:", "as many states as fit this size"),
    ]
  }

  static let kernels: @Sendable (String) -> [Suggestion] = { _ in
    KernelChoice.names.map { Suggestion($0.name, $0.choice) }
  }

  static let regularizer: @Sendable (String) -> [Suggestion] = { _ in
    [Suggestion("none"), Suggestion("omega:", "α times the vanishing-gradient regularizer")]
  }

  static let forgetBias = [Suggestion("none", "the initializer's")]

  /// A cell by its name, then its options one by one.
  static let cell: @Sendable (String) -> [Suggestion] = { begun in
    guard begun.contains("/") else {
      return CellKind.builtIn.flatMap { kind in
        let alone = [Suggestion(kind.name, kind.source)]
        return begun == kind.name ? alone + [Suggestion(kind.name + "/", "with options")] : alone
      }
    }
    guard let kind = CellKind.builtIn.first(where: { begun.hasPrefix($0.name + "/") })
    else { return [] }
    return options(
      of: begun, named: kind.options.map { ($0.rawValue + "=", values(of: $0)) })
  }

  /// A stack by its activation, then its options one by one.
  static let stack: @Sendable (String) -> [Suggestion] = { begun in
    guard begun.contains("/") else {
      return forms(LayerFunction.forms).flatMap { form in
        begun == form.text ? [form, Suggestion(form.text + "/", "with options")] : [form]
      }
    }
    return options(
      of: begun,
      named: [("init=", values(of: .initializer)), ("batch-norm", []), ("residual", [])])
  }

  private static func values(of option: CellOption) -> [Suggestion] {
    switch option {
    case .activation: forms(Activation.forms)
    case .initializer: forms(Initializer.forms)
    case .forgetBias: forgetBias
    }
  }

  /// What may stand behind the last slash of `begun`: an option that is not there yet, or its values.
  private static func options(
    of begun: String, named options: [(name: String, values: [Suggestion])]
  ) -> [Suggestion] {
    let parts = begun.split(separator: "/", omittingEmptySubsequences: false)
    let (before, last) = (parts.dropLast(), parts.last ?? "")
    let start = before.joined(separator: "/") + "/"
    if let option = options.first(where: { $0.name.hasSuffix("=") && last.hasPrefix($0.name) }) {
      return option.values.map { $0.after(start + option.name) }
    }
    return options.filter { option in !before.contains { $0.hasPrefix(option.name) } }
      .map { Suggestion(start + $0.name) }
  }
}
