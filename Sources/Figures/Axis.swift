import Foundation
import UnrollText

/// A range of values and where its labeled tics stand.
struct Axis: Equatable, Sendable {
  struct Tic: Equatable, Sendable {
    var at: Double
    /// Empty for a small tic without a label.
    var label: String
    /// The label for a terminal, which has no superscripts.
    var plainLabel: String
  }

  var low: Double
  var high: Double
  var tics: [Tic]

  /// gnuplot's range and tic commands for the axis `name` (x, y, y2). Labels are ours, in gnuplot's
  /// markup.
  ///
  /// - Parameter isLabeled: whether the tics have their labels, which a neighbor's axis may have instead.
  func commands(_ name: String, plain: Bool = false, isLabeled: Bool = true) -> [String] {
    let entries = tics.map { tic in
      let label = isLabeled ? plain ? tic.plainLabel : tic.label : ""
      return "'\(label)' \(NumberText.data(tic.at)) \(tic.label.isEmpty ? 1 : 0)"
    }
    // A point at an end would be left out where the logarithms of the two differ in their last digit.
    let margin = 1e-9 * high - 1e-9 * low
    return [
      "set \(name)range [\(NumberText.data(low - margin)):\(NumberText.data(high + margin))]",
      "set \(name)tics (\(entries.joined(separator: ", ")))",
    ]
  }
}

extension Axis {
  /// Whether a logarithmic axis can show the value. Subnormal numbers are left out: their digits are those
  /// of rounding, so that a curve that fades would go on flat.
  static func hasLogarithm(_ value: Double) -> Bool {
    value.isFinite && value >= .leastNormalMagnitude
  }

  /// The largest size a value may have on a linear axis: above, sums with it overflow.
  static let largest = 1e290

  /// Below this size differences can not be told apart on a linear axis.
  private static let smallest = 1e-280

  /// A linear axis that holds every finite value of `values`, with about `tics` labels (two to
  /// `tics` + 1) at round numbers. `whole` keeps tics at whole numbers; `margin` is the share of the range left free at
  /// either end.
  static func linear(
    _ values: some Sequence<Double>, tics count: Int, whole: Bool = false, margin: Double = 0
  ) -> Axis {
    let finite = values.filter { abs($0) <= largest }
    var low = finite.min() ?? 0
    var high = finite.max() ?? 1
    if high - low <= max(1e-12 * max(abs(low), abs(high)), smallest) {
      // A range of two would be lost in the digits of larger numbers.
      let isSmall = abs(high) <= smallest || whole && abs(high) < 1e9
      let room = isSmall ? 1 : abs(high) * 0.1
      (low, high) = (low - room, high + room)
    } else {
      let room = margin * (high - low)
      (low, high) = (low - room, high + room)
    }
    let step = roundStep(from: low, to: high, tics: count, whole: whole)
    var tics: [Tic] = []
    var index = (low / step - 1e-9).rounded(.up)
    while index <= high / step + 1e-9, tics.count <= count {
      let label = linearLabel(index * step, step: step, largest: max(abs(low), abs(high)))
      tics.append(Tic(at: index * step, label: label.markup, plainLabel: label.plain))
      index += 1
    }
    return Axis(low: low, high: high, tics: tics)
  }

  /// The smallest of 1, 2, 5 times a power of ten with at most `count` + 1 multiples in the range.
  private static func roundStep(
    from low: Double, to high: Double, tics count: Int, whole: Bool
  ) -> Double {
    let power = pow(10, log10((high - low) / Double(count)).rounded(.down))
    let steps = [1, 2, 5, 10, 20].map { $0 * power }
    return steps.first {
      let multiples = (high / $0 + 1e-9).rounded(.down) - (low / $0 - 1e-9).rounded(.up) + 1
      return multiples <= Double(count + 1) && !(whole && $0 < 1 - 1e-9)
    } ?? max(steps[4], whole ? 1 : 0)
  }

  /// The label of a tic; `label` of `axes.js` has the same rule.
  private static func linearLabel(
    _ value: Double, step: Double, largest: Double
  ) -> (markup: String, plain: String) {
    if abs(value) < step * 1e-6 { return ("0", "0") }
    if largest < 1e7, step >= 1e-5 {
      let decimals = max(0, Int((-log10(step) - 1e-9).rounded(.up)))
      let text = NumberText.fixed(value, decimals: decimals)
      return (text.replacingOccurrences(of: "-", with: "−"), text)
    }
    // As many digits as neighbors need to differ.
    let digits = min(15, max(4, Int(log10(largest / step).rounded(.up)) + 1))
    let parts = String(format: "%.\(digits - 1)e", value).split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]) else { return ("\(value)", "\(value)") }
    let mantissa = parts[0].replacing(/\.?0+$/, with: "")
    let factor = ["1": "", "-1": "−"][mantissa] ?? mantissa.replacing("-", with: "−") + "·"
    return (factor + powerOfTen(exponent), "\(mantissa)e\(exponent)")
  }
}

extension Axis {
  /// A logarithmic axis in the unit log₁₀ that holds every positive finite value of `values`, from
  /// 10⁻³²⁴ to 10³⁰⁸; nil when there is none. Up to `tics` powers of ten are labeled, and where
  /// fewer than three would be, their doubles and fives as well.
  static func logarithmic(_ values: some Sequence<Double>, tics count: Int) -> Axis? {
    let exponents = values.filter(hasLogarithm).map { log10($0) }
    guard let least = exponents.min(), let most = exponents.max() else { return nil }
    let marks = [0, log10(2.0), log10(5.0)]
    func mark(_ index: Int) -> Double { Double(floorDivide(index, 3)) + marks[modulo(index, 3)] }
    let ends = (Int((3 * least).rounded(.down)) - 3, Int((3 * most).rounded(.up)) + 3)
    guard most - least <= 4 else {
      return powers(from: Int(least.rounded(.down)), to: Int(most.rounded(.up)), count: count)
    }
    var first = (ends.0...ends.1).last { mark($0) <= least + 1e-9 } ?? ends.0
    var last = (ends.0...ends.1).first { mark($0) >= most - 1e-9 } ?? ends.1
    while last - first < 3 { (first, last) = (first - 1, last + 1) }
    let majors = (first...last).filter { modulo($0, 3) == 0 }.count
    let tics = (first...last).map { index in
      let power = floorDivide(index, 3)
      let digit = [1, 2, 5][modulo(index, 3)]
      if majors >= 3 && digit > 1 { return Tic(at: mark(index), label: "", plainLabel: "") }
      if majors < 3 && first >= -9 && last <= 9 {
        let decimal = NumberText.digits(Double(digit) * pow(10, Double(power)), 3)
        return Tic(at: mark(index), label: decimal, plainLabel: decimal)
      }
      return tic(digit: digit, power: power, at: mark(index))
    }
    return Axis(low: mark(first), high: mark(last), tics: tics)
  }

  /// A logarithmic axis where there is nothing to show: from a tenth to ten.
  static func aroundOne(tics count: Int) -> Axis {
    logarithmic([0.1, 10], tics: count) ?? Axis(low: -1, high: 1, tics: [])
  }

  private static func powers(from low: Int, to high: Int, count: Int) -> Axis {
    let steps = [1, 2, 5, 10, 20, 50, 100, 200]
    let step = steps.first { (high - low) / $0 < count } ?? 500
    let first = -floorDivide(-low, step)
    let tics = stride(from: first * step, through: high, by: step).map {
      tic(digit: 1, power: $0, at: Double($0))
    }
    return Axis(low: Double(low), high: Double(high), tics: tics)
  }

  private static func tic(digit: Int, power: Int, at: Double) -> Tic {
    let plain = "\(digit)e\(power)"
    if digit == 1 { return Tic(at: at, label: powerOfTen(power), plainLabel: plain) }
    return Tic(at: at, label: "\(digit)·" + powerOfTen(power), plainLabel: plain)
  }

  private static func powerOfTen(_ power: Int) -> String {
    "10^{\(power < 0 ? "−" : "")\(abs(power))}"
  }

  private static func floorDivide(_ value: Int, _ divisor: Int) -> Int {
    (value - modulo(value, divisor)) / divisor
  }

  private static func modulo(_ value: Int, _ divisor: Int) -> Int {
    let rest = value % divisor
    return rest < 0 ? rest + divisor : rest
  }
}
