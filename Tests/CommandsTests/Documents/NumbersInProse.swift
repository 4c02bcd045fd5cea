import Foundation
import UnrollFileFormats

/// The decimal numbers in the text of a page whose commands train nothing. Each is one that a command of the
/// page prints, rounded, or follows from some. Nearly any output has a number that rounds to a given one of one
/// or two digits: such a number is the value of an option, is printed as it stands, or is derived below.
struct NumbersInProse {
  let page: Document
  /// What the page's commands printed.
  let printed: String
  /// Where they ran.
  let folder: ReadersFolder

  /// The pages that are held to it.
  static let pages: Set<String> = [
    "GradientsThroughDepth.md", "MeasuringDecay.md", "TruncatedBackpropagation.md", "WhatYouSee.md",
    "WhyGradientsVanishAndExplode.md",
  ]

  /// The numbers that nothing accounts for.
  var unaccounted: [String] {
    get throws {
      let printed = Self.numbers(in: printed)
      let options = Self.numbers(in: page.shownCommands.map(\.line).joined(separator: "\n"))
      let derived = try derived
      return Self.numbers(in: page.prose).filter { number in
        if derived.contains(where: number.rounds) { return false }
        return number.isShort
          ? !options.contains { $0.value == number.value }
            && !printed.contains { $0.text == number.text }
          : !printed.contains { number.rounds($0.value) }
      }.map(\.text)
    }
  }

  /// What follows from other numbers, or is by definition.
  private var derived: [Double] {
    get throws {
      switch page.path.split(separator: "/").last {
      case "GradientsThroughDepth.md":
        // The chain of four sigmoid units from x = 1; the factors and powers after it, and 0.8 for "about
        // 0.8".
        var h = [1.0]
        for unit in 0..<4 { h.append(1 / (1 + exp(-h[unit]))) }
        let slopes: [Double] = h.map { $0 * (1 - $0) }
        let last: Double = h[4] * slopes[4] * slopes[3] * slopes[2]
        let chain: [Double] = [last, last * slopes[1]]
        let powers: [Double] = [pow(0.5, 20), pow(0.5, 19), pow(0.8, 20), pow(0.776, 99)]
        return h + slopes + chain + powers + [1.5, 0.5, 128 / log2(1.5), 0.8, 0.5524]
      case "MeasuringDecay.md":
        // The verdict's limit for R².
        return [0.95]
      case "WhatYouSee.md":
        let curves = "runs/decay-adding-2/decay.csv"
        return try [
          share(10, of: "rnn", "h", in: curves), share(20, of: "rnn", "h", in: curves),
          share(20, of: "lstm", "c", in: curves),
        ]
      case "WhyGradientsVanishAndExplode.md":
        return [pow(0.5, 10), 1 / (1 + exp(-1)), 0.637 / 4]
      default: return []
      }
    }
  }

  /// g(k)/g(0) of a curve.
  private func share(
    _ lag: Int, of label: String, _ path: String, in file: String
  ) throws -> Double {
    let rows = try folder.folder.text(file).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    func norm(_ lag: Int) throws -> Double {
      // label,cell,layer,path,seed,lag,norm_mean,…
      let row = rows.first { $0[0] == label && $0[3] == path && $0[5] == "\(lag)" }
      guard let row, let norm = Double(row[6]) else { throw Missing(lag: lag) }
      return norm
    }
    return try norm(lag) / norm(0)
  }

  private struct Missing: Error { let lag: Int }

  struct Number {
    let text: String
    let value: Double

    /// Whether it has no more than two digits, zeros before them aside.
    var isShort: Bool {
      text.prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }.count <= 2
    }

    /// Whether `exact`, written as this number is, gives the same digits.
    func rounds(_ exact: Double) -> Bool {
      let digits = text.split(separator: /[%e]/)[0].split(separator: ".")
      let decimals = digits.count > 1 ? digits[1].count : 0
      if text.contains("e") { return String(format: "%.\(decimals)e", exact) == text }
      let shown = text.hasSuffix("%") ? exact * 100 : exact
      return String(format: "%.\(decimals)f", shown) + (text.hasSuffix("%") ? "%" : "") == text
    }
  }

  /// The numbers of `text` with a decimal point.
  static func numbers(in text: String) -> [Number] {
    text.matches(of: /[0-9][0-9,]*\.[0-9]+(?:e[-+]?[0-9]+)?%?/).compactMap { match in
      let text = match.output.replacing(",", with: "")
      return Double(text.replacing("%", with: "")).map {
        Number(text: String(text), value: text.hasSuffix("%") ? $0 / 100 : $0)
      }
    }
  }
}
