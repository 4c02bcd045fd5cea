import Foundation
import UnrollText

/// The columns of a ``ClipFigure``: one for each threshold, as wide as what stands above the bars
/// needs, with labels that are slanted where they would touch.
struct ClipColumns {
  private static let leastWidth = 750
  /// Of slanted labels.
  private static let angle = 40.0
  private static let gap = 8.0

  /// The texts of the thresholds, or of windows.
  let thresholds: [String]
  /// The plot's width in pixels.
  let width: Int
  /// The title below the labels.
  let title: String
  /// The height of the labels in pixels.
  let labelHeight: Int
  private let labels: [String]
  private let isSlanted: Bool

  init(_ texts: [String], notes: [String], name: String) {
    thresholds = texts
    let numbers = texts.map { RuleNumber($0) }
    let room = (notes.map { TextWidth.pixels($0) }.max() ?? 0) + Self.gap
    width = max(Self.leastWidth, Int(room) * texts.count)
    let slot = Double(width / max(texts.count, 1)) - Self.gap
    func widest(_ labels: [String]) -> Double { labels.map { TextWidth.pixels($0) }.max() ?? 0 }

    let full = texts.map { $0.fitted(to: 110) }
    let prefixes = Set(numbers.filter { $0.number != nil }.map(\.rule.prefix))
    if widest(full) > slot, prefixes.count == 1, let prefix = prefixes.first,
      prefix.first?.isLetter == true
    {
      labels = zip(numbers, full).map { number, text in
        number.number == nil ? text : String(text.dropFirst(prefix.count))
      }
      title = "\(name) (a bare number is \(prefix))"
    } else {
      (labels, title) = (full, name)
    }
    isSlanted = widest(labels) > slot
    labelHeight = isSlanted ? 12 + Int(widest(labels) * sin(Self.angle * .pi / 180)) : 14
  }

  /// Whether lines join a threshold to the one before it: the same rule with a larger number.
  static func isJoinedToLast(_ place: Int, of thresholds: [String]) -> Bool {
    place == 0 || RuleNumber(thresholds[place - 1]).isBefore(RuleNumber(thresholds[place]))
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
