import Foundation
import UnrollDenseMath
import UnrollFeedForward
import UnrollFigures
import UnrollFileFormats
import UnrollGradientFlow
import UnrollStudies
import UnrollText

/// What was measured in feed-forward networks side by side: numbers, a figure and a paragraph about
/// them.
public struct DepthReport {
  /// What the networks are compared for.
  public let title: String
  /// Sizes, data and seed, for the figure.
  public let subtitle: String
  /// What decided weights and data; nil where both are given.
  public let seed: UInt64?
  /// The networks, in the order of the figure's key.
  public let stacks: [MeasuredNetwork]
  /// What is seen, with its numbers.
  public let text: String
  /// Further numbers, by name.
  public var facts: JSONObject = [:]
  /// Panels of the figure, beside or instead of the gradient's norm through the layers.
  public var panels: [PanelsFigure.Panel]
  /// How the measurement ended.
  public let outcome: RunOutcome

  package init(
    title: String, subtitle: String, seed: UInt64?, stacks: [MeasuredNetwork], text: String,
    facts: JSONObject = [:], panels: [PanelsFigure.Panel]? = nil, outcome: RunOutcome = .finished
  ) {
    self.outcome = outcome
    self.title = title
    self.subtitle = subtitle
    self.seed = seed
    self.stacks = stacks
    self.text = text
    self.facts = facts
    self.panels = panels ?? [Self.gradientPanel(stacks)]
  }

  /// log ‖∂ℓ/∂h_i‖ against i.
  package static func gradientPanel(_ stacks: [MeasuredNetwork]) -> PanelsFigure.Panel {
    PanelsFigure.Panel(
      title: "||∂ℓ/∂h_i||", plainTitle: "norm of the gradient",
      across: "layer i (input left, output right)",
      lines: stacks.map { stack in
        PanelsFigure.Line(
          label: stack.label, finding: finding(stack), values: stack.norms)
      })
  }

  /// log ‖ΔW_i‖/‖W_i‖ against i.
  package static func updatePanel(_ stacks: [MeasuredNetwork]) -> PanelsFigure.Panel {
    PanelsFigure.Panel(
      title: "mean ||ΔW_i||/||W_i|| of an update", plainTitle: "relative update",
      across: "layer i",
      lines: stacks.map { stack in
        PanelsFigure.Line(
          label: stack.label, values: stack.layers.map { $0.relativeUpdate ?? .nan })
      })
  }

  /// The loss against updates.
  package static func lossPanel(_ stacks: [MeasuredNetwork]) -> PanelsFigure.Panel {
    PanelsFigure.Panel(
      title: "loss", plainTitle: "loss", across: "update",
      lines: stacks.map { stack in
        PanelsFigure.Line(label: stack.label, values: stack.updates.map(\.loss))
      }, ceiling: ceiling(of: stacks.map { $0.updates.map(\.loss) }))
  }

  /// Where a panel of losses ends so that runs that diverge, to ten thousand times the loss at the start
  /// and more, do not flatten the others; nil where there is none.
  package static func ceiling(of losses: [[Double]]) -> Double? {
    let start = losses.compactMap(\.first).filter(\.isFinite).max() ?? 0
    guard start > 0 else { return nil }
    let largest = losses.map { $0.filter(\.isFinite).max() ?? 0 }
    let kept = largest.filter { $0 < 1e4 * start }
    return kept.count < largest.count ? 1.1 * max(start, kept.max() ?? 0) : nil
  }

  /// A ratio in words: `nothing`, `5.6e-13`, `23%`, `201 times`.
  package static func share(_ value: Double) -> String {
    switch value {
    case 0: "nothing"
    case ..<0.001: NumberText.scientific(value)
    case ..<2: NumberText.percent(value)
    default: NumberText.significant(value) + " times"
    }
  }

  /// The same of something: `23% of layer 5's gradient`, `201 times layer 5's gradient`.
  package static func share(_ value: Double, of whole: String) -> String {
    share(value) + (value < 2 ? " of " : " ") + whole
  }

  /// For example `layer 1 gets 0.229 × the last's`.
  private static func finding(_ stack: MeasuredNetwork) -> String {
    let reach = stack.reach
    let zeros = stack.norms.prefix { $0 == 0 }.count
    if zeros > 0 {
      return "0 in layer\(zeros == 1 ? "" : "s 1 to") \(zeros), not drawn"
    }
    guard reach.isFinite else {
      return stack.norms.contains(where: \.isFinite)
        ? "no finite ratio of norms" : "no finite norm, not drawn"
    }
    let factor =
      (0.001..<1000).contains(reach)
      ? String(format: "%.3g", reach) : NumberText.scientific(reach)
    return "layer 1 gets \(factor) × the last's"
  }

  /// The panels as a figure.
  public var figure: PanelsFigure { PanelsFigure(title: title, subtitle: subtitle, panels: panels) }

  /// A row for each layer of each network.
  public var csv: CSVWriter {
    var table = CSVWriter(columns: [
      "label", "seed", "layer", "hidden_norm_mean", "hidden_norm_geomean", "weight_norm",
      "bias_norm", "relative_update", "dead_share", "saturated_share", "activation_mean",
      "activation_spread",
    ])
    for stack in stacks {
      for layer in stack.layers {
        table.append([
          .text(stack.label), seed.map { .integer(Int($0)) } ?? .blank, .integer(layer.layer),
          .number(layer.hiddenMean), .number(layer.hiddenGeometricMean),
          .number(layer.weightNorm), .number(layer.biasNorm),
          layer.relativeUpdate.map { .number($0) } ?? .blank, .number(layer.deadShare),
          .number(layer.saturatedShare), .number(layer.activationMean),
          .number(layer.activationSpread),
        ])
      }
    }
    return table
  }

  /// Everything but the layers.
  public var summary: JSONValue {
    [
      "outcome": .string(outcome.rawValue), "title": .string(title), "text": .string(text),
      "seed": JSONValue(seed.map { Int($0) }),
      "facts": .object(facts),
      "stacks": .array(
        stacks.map { stack in
          [
            "label": .string(stack.label), "layers": .integer(stack.layers.count),
            "loss": .number(stack.loss), "updates": .integer(stack.updates.count),
            "first_norm": .number(stack.norms.first ?? .nan),
            "last_norm": .number(stack.norms.last ?? .nan), "reach": .number(stack.reach),
            "factor": .number(stack.factor),
          ]
        }),
    ]
  }

  /// Prints a small plot, a table, the paragraph and the folder.
  package func print(on page: any TextPage, folder: String) {
    guard !page.isJSON else { return }
    page.print(page.styled(title, .bold))
    let columns = min(79, page.outputColumns - 1)
    page.print(subtitle.wrapped(columns: columns, indent: 2))
    let figure = figure
    let plot = figure.terminalPlot(columns: columns, rows: 18)
    if let plot { page.print("\n" + plot) }
    if !stacks.isEmpty {
      var table = TextTable("stack", "layer 1", "last layer", "ratio", "a layer")
      for stack in stacks {
        table.append([
          stack.label, NumberText.scientific(stack.norms.first ?? .nan),
          NumberText.scientific(stack.norms.last ?? .nan), NumberText.scientific(stack.reach),
          NumberText.rate(stack.factor),
        ])
      }
      page.printTable(table)
    }
    page.print("\n" + text.wrapped(columns: columns))
    page.print("files  \(folder.escaped)")
  }
}
