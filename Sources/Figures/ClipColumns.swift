import Foundation
import UnrollText

/// The columns of a ``ClipFigure``: one for each threshold, as wide as what stands above the bars
/// needs, with labels that are slanted where they would touch.
struct ClipColumns {
  /// A threshold's text, parted into a rule and a number where it has them: `norm:0.1`, `norm:2x`;
  /// of windows, `20` and `5:20`.
  struct Threshold {
    let text: String
    /// What stands before the number, `norm:`; with the unit after it where there is one.
    let rule: (prefix: String, unit: String)
    let number: Double?

    init(_ text: String) {
      self.text = text
      let prefix = text.lastIndex(of: ":").map { text[...$0] } ?? ""
      let unit = text.hasSuffix("x") ? "x" : ""
      rule = (String(prefix), unit)
      number = Double(text.dropFirst(prefix.count).dropLast(unit.count))
    }
  }

  private static let leastWidth = 750
  /// Of slanted labels.
  private static let angle = 40.0
  private static let gap = 8.0

  let thresholds: [Threshold]
  /// The plot's width in pixels.
  let width: Int
  /// The title below the labels.
  let title: String
  /// The height of the labels in pixels.
  let labelHeight: Int
  private let labels: [String]
  private let isSlanted: Bool

  init(_ texts: [String], notes: [String], name: String) {
    thresholds = texts.map(Threshold.init)
    let room = (notes.map { TextWidth.pixels($0) }.max() ?? 0) + Self.gap
    width = max(Self.leastWidth, Int(room) * texts.count)
    let slot = Double(width / max(texts.count, 1)) - Self.gap
    func widest(_ labels: [String]) -> Double { labels.map { TextWidth.pixels($0) }.max() ?? 0 }

    let full = texts.map { $0.fitted(to: 110) }
    let prefixes = Set(thresholds.filter { $0.number != nil }.map(\.rule.prefix))
    if widest(full) > slot, prefixes.count == 1, let prefix = prefixes.first,
      prefix.first?.isLetter == true
    {
      labels = zip(thresholds, full).map { threshold, text in
        threshold.number == nil ? text : String(text.dropFirst(prefix.count))
      }
      title = "\(name) (a bare number is \(prefix))"
    } else {
      (labels, title) = (full, name)
    }
    isSlanted = widest(labels) > slot
    labelHeight = isSlanted ? 12 + Int(widest(labels) * sin(Self.angle * .pi / 180)) : 14
  }

  /// Whether lines join a threshold to the one before it: the same rule with a larger number.
  func isJoinedToLast(_ place: Int) -> Bool {
    guard place > 0 else { return true }
    let (last, this) = (thresholds[place - 1], thresholds[place])
    guard let low = last.number, let high = this.number else { return false }
    return last.rule == this.rule && low < high
  }

  /// gnuplot's commands for the horizontal axis.
  var commands: [String] {
    let tics = labels.enumerated().map { place, label in
      "\(GnuplotText.tic(label, limit: .max)) \(place)"
    }
    let rotation = isSlanted ? "rotate by \(Int(Self.angle)) right" : "norotate"
    return [
      "set xrange [-0.6:\(Double(thresholds.count) - 0.4)]",
      "set xtics (\(tics.joined(separator: ", "))) noenhanced scale 0 \(rotation)",
    ]
  }
}
