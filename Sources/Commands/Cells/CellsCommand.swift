import UnrollCommandLine
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollRecurrentCells
import UnrollText

extension Command {
  /// `unroll cells`.
  static let cells = Command(
    name: "cells",
    summary: "lists cells, activations, initializers, optimizers and clipping rules with formulas "
      + "and papers",
    options: OptionTable.rows("json"), computes: false
  ) { _, terminal in
    let help = HelpText(terminal: terminal)
    terminal.print(
      Choices.all.map { choices in
        help.heading(choices.title.fitted(columns: help.width)) + "\n"
          + help.columns(
            choices.choices.map { ($0.form, "\($0.formula)  (\($0.source))") }, left: 16)
      }.joined(separator: "\n\n"))
    var json = JSONObject()
    for choices in Choices.all { json[choices.key] = .array(choices.choices.map(\.json)) }
    terminal.printJSON(JSONValue.object(json).encoded())
    return .done
  }
}

/// What one option has to choose from.
private struct Choices {
  /// The heading.
  let title: String
  /// The name in JSON.
  let key: String
  let choices: [Choice]

  static let all: [Choices] = [
    Choices(
      title: "cells (--cell), gates element by element",
      key: "cells",
      choices: CellKind.builtIn.map {
        Choice(form: $0.name, formula: $0.formula, source: $0.source)
      }),
    Choices(
      title: "activations (--activation) of x", key: "activations",
      choices: Activation.forms.map(Choice.init)),
    Choices(
      title: "initializers (--init) of a matrix [n_out, n_in], H hidden units",
      key: "initializers", choices: Initializer.forms.map(Choice.init)),
    Choices(
      title: "optimizers (--optimizer) of weights θ, gradient g, learning rate η",
      key: "optimizers",
      choices: OptimizerKind.allCases.map {
        Choice(form: $0.rawValue, formula: $0.formula, source: $0.source)
      }),
    Choices(
      title: "clipping rules (--clip) of the gradient g, G of one parameter or unit",
      key: "clipping_rules",
      choices: Clipping.rules.map {
        Choice(form: $0.form, formula: $0.formula, source: $0.source)
      }),
  ]
}

/// One of them.
private struct Choice {
  let form: String
  let formula: String
  let source: String

  init(form: String, formula: String, source: String) {
    self.form = form
    self.formula = formula
    self.source = source
  }

  init<Setting>(_ form: SettingForm<Setting>) {
    self.init(form: form.text, formula: form.formula, source: form.source)
  }

  var json: JSONValue {
    ["name": .string(form), "formula": .string(formula), "source": .string(source)]
  }
}
