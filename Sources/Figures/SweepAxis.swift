import Foundation
import UnrollText

/// The values of an option as places on an axis: numbers by their size, on a logarithmic scale where
/// they span a decade, and a value without a number, such as `none`, apart at the right.
struct SweepAxis {
  /// The place of each value.
  private let places: [String: Double]
  /// gnuplot's axis.
  let axis: Axis
  /// Whether places are logarithms.
  let isLogarithmic: Bool
  /// Whether values stand side by side, with themselves as labels, rather than as numbers.
  let isCategorical: Bool
  /// The rightmost place of a number.
  let lastNumber: Double

  /// nil where fewer than two of `values` are numbers, or they are numbers of several kinds.
  init?(_ values: [String]) {
    let parts = values.map { ($0, RuleNumber($0)) }
    let numbers = parts.compactMap { text, part in part.number.map { (text, $0, part.rule) } }
    let others = parts.filter { $0.1.number == nil }.map(\.0)
    guard numbers.count >= 2, others.count <= 1,
      others.allSatisfy({ ["none", "full"].contains($0) }),
      numbers.allSatisfy({ $0.2 == numbers[0].2 && $0.1.isFinite })
    else { return nil }
    let sizes = numbers.map(\.1)
    guard let least = sizes.min(), let most = sizes.max(), least < most else { return nil }
    isCategorical = false
    isLogarithmic = least > 0 && most / least >= 8
    var places: [String: Double] = [:]
    for (text, number, _) in numbers { places[text] = isLogarithmic ? log10(number) : number }
    var axis =
      isLogarithmic
      ? Axis.logarithmic(sizes, tics: 8) ?? .linear(sizes, tics: 6)
      : .linear(sizes, tics: 6, margin: 0.06)
    if isLogarithmic {
      let room = 0.06 * (log10(most) - log10(least))
      axis.low = log10(least) - room
      axis.high = log10(most) + room
      axis.tics = axis.tics.filter { $0.at >= axis.low && $0.at <= axis.high }
    }
    // The values themselves, where their labels leave room for one another.
    let marked = numbers.map { (at: places[$0.0] ?? 0, label: NumberText.digits($0.1, 4)) }
      .sorted { $0.at < $1.at }
    let gap = 0.045 * (axis.high - axis.low)
    if zip(marked, marked.dropFirst()).allSatisfy({ $1.at - $0.at >= gap }) {
      axis.tics = marked.map { Axis.Tic(at: $0.at, label: $0.label, plainLabel: $0.label) }
    }
    lastNumber = axis.high
    if let other = others.first {
      let place = axis.high + 0.1 * (axis.high - axis.low)
      places[other] = place
      axis.tics.append(Axis.Tic(at: place, label: other, plainLabel: other))
      axis.high = place + 0.06 * (axis.high - axis.low)
    }
    self.places = places
    self.axis = axis
  }

  /// Values side by side, none joined to another.
  init(categories: [String]) {
    isCategorical = true
    isLogarithmic = false
    lastNumber = -1
    places = Dictionary(categories.enumerated().map { ($1, Double($0)) }) { first, _ in first }
    axis = Axis(
      low: -0.5, high: Double(max(categories.count, 1)) - 0.5,
      tics: categories.enumerated().map { place, text in
        Axis.Tic(
          at: Double(place), label: SettingValue.shown(text), plainLabel: SettingValue.shown(text))
      })
  }

  /// gnuplot's commands for a horizontal axis of `width` pixels. Values of options may be any text.
  ///
  /// - Parameter isLabeled: whether values stand below it.
  func commands(width: Int, isLabeled: Bool = true) -> [String] {
    let range = "set xrange [\(NumberText.data(axis.low)):\(NumberText.data(axis.high))]"
    guard isLabeled else { return [range, axis.commands("x", isLabeled: false)[1]] }
    guard isCategorical else { return [range, clear(axis, width).commands("x")[1]] }
    let tics = axis.tics.map { tic in
      "\(GnuplotText.tic(tic.label)) \(NumberText.data(tic.at)) \(tic.label.isEmpty ? 1 : 0)"
    }
    return [
      range,
      "set xtics (\(tics.joined(separator: ", "))) noenhanced"
        + (isSlanted(width) ? " rotate by \(Int(Self.angle)) right" : ""),
    ]
  }

  /// How far slanted labels reach further down than others on an axis of `width` pixels.
  func labelRoom(width: Int) -> Int {
    isSlanted(width) ? Int(widestLabel * sin(Self.angle * .pi / 180)) : 0
  }

  private static let angle = 40.0

  private var widestLabel: Double {
    axis.tics.map { TextWidth.pixels($0.label.shortened(to: 24)) }.max() ?? 0
  }

  /// Whether texts side by side would touch.
  private func isSlanted(_ width: Int) -> Bool {
    isCategorical && widestLabel + 8 > Double(width) / Double(max(axis.tics.count, 1))
  }

  /// The axis without the labels of numbers that would touch the one before; the last, which may stand
  /// apart, is kept.
  func clear(_ axis: Axis, _ width: Int) -> Axis {
    var axis = axis
    func ends(_ tic: Axis.Tic) -> (left: Double, right: Double) {
      let middle = (tic.at - axis.low) / (axis.high - axis.low) * Double(width)
      let half = TextWidth.pixels(tic.plainLabel) / 2 + 2
      return (middle - half, middle + half)
    }
    let labeled = axis.tics.indices.filter { !axis.tics[$0].label.isEmpty }
    guard let last = labeled.last else { return axis }
    var end = -Double.infinity
    for index in labeled.dropLast() {
      let (left, right) = ends(axis.tics[index])
      if left < end || right > ends(axis.tics[last]).left {
        (axis.tics[index].label, axis.tics[index].plainLabel) = ("", "")
      } else {
        end = right
      }
    }
    return axis
  }

  /// Each value at its place, with a label in four digits, and as it is.
  var labeledValues: [(tic: Axis.Tic, value: String)] {
    places.sorted { $0.value < $1.value }.map { value, place in
      let number = isCategorical ? nil : RuleNumber(value).number
      let label = number.map { NumberText.digits($0, 4) } ?? SettingValue.shown(value)
      return (Axis.Tic(at: place, label: label, plainLabel: label), SettingValue.shown(value))
    }
  }

  /// The axis of a page's plot, whose tics are the values.
  var ofValues: Axis { Axis(low: axis.low, high: axis.high, tics: labeledValues.map(\.tic)) }

  /// Where a value stands.
  func place(_ value: String) -> Double? { places[value] }

  /// The least distance between two of `values`, by default of all; infinite for one alone.
  func leastGap(of values: [String]? = nil) -> Double {
    let taken = Set(values.map { $0.compactMap(place) } ?? Array(places.values)).sorted()
    return zip(taken, taken.dropFirst()).map { $1 - $0 }.min() ?? .infinity
  }

  /// Whether the value stands apart, without a number.
  func isApart(_ value: String) -> Bool { (places[value] ?? 0) > lastNumber }
}
