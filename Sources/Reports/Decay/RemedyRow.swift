import Foundation
import UnrollStudies
import UnrollText

/// One change to the models of one label, over their seeds, as tables and sentences show it.
struct RemedyRow {
  /// One for each seed; at least one.
  let seeds: [MeasuredRemedy]
  /// That of the seed whose reach is the median, the lower one of an even number.
  let typical: MeasuredRemedy

  init(_ seeds: [MeasuredRemedy]) {
    require(!seeds.isEmpty, "expected at least one seed, got none")
    self.seeds = seeds
    typical = seeds.sorted { ($0.reach ?? -1) < ($1.reach ?? -1) }[(seeds.count - 1) / 2]
  }

  var remedy: Remedy { typical.remedy }

  /// The median of a number over the seeds that have it.
  func median(_ value: (MeasuredRemedy) -> Double?) -> Double? {
    let values = seeds.compactMap(value)
    // The median of two infinities is no number.
    return values.contains { !$0.isFinite } ? values.max() : OrderStatistics(values).median
  }

  /// What most of the seeds come to; that of the typical one where none does.
  var outcome: MeasuredRemedy.Outcome {
    MeasuredRemedy.Outcome.allCases.first { outcome in
      2 * seeds.count { $0.outcome == outcome } > seeds.count
    } ?? typical.outcome
  }

  /// `8`, `≥ 99`, and over seeds `25 (24–26)`.
  func reachText(unicode: Bool) -> String {
    guard let reach = typical.reach else { return "-" }
    let atLeast = unicode ? "≥ " : ">= "
    let text = (typical.isCensored ? atLeast : "") + "\(reach)"
    let all = seeds.compactMap(\.reach)
    guard seeds.count > 1, let low = all.min(), let high = all.max(), low < high else {
      return text
    }
    return "\(text) (\(low)\(unicode ? "–" : "-")\(high))"
  }
}

extension MeasuredRemedy {
  /// `99 or more`, or the number alone.
  fileprivate var reachInWords: String {
    reach.map { isCensored ? "\($0) or more" : "\($0)" } ?? "nothing known"
  }
}

extension Remedy {
  /// As the subject of a sentence: `an LSTM with a forget bias of 3`.
  fileprivate var phrase: String {
    let bias = specification.forgetBias?.plainText ?? "none"
    return switch change {
    case .asGiven: "the model as given"
    case .freshWeights: "the same model"
    case .window(let truncation): "a window of \(truncation)"
    case .forgetBias: "a forget bias of \(bias)"
    case .orthogonal: "an orthogonal W_hh"
    case .identityWithReLU: "the identity with ReLU"
    case .cell where specification.kind == .lstm: "an LSTM with a forget bias of \(bias)"
    case .cell: "a \(specification.kind.name.uppercased())"
    }
  }
}

/// What the changes to the models of one label come to, in a sentence.
struct RemedyFinding {
  let label: String
  /// The model as given first.
  let rows: [RemedyRow]

  var text: String? {
    guard let given = rows.first else { return nil }
    let needed = given.typical.needed.lag
    if given.outcome == .unknown {
      return "\(label): no gradient at lag 0 to compare with, so its reach is not known"
    }
    let median = given.seeds.count > 1 ? " (median of \(given.seeds.count) seeds)" : ""
    let start = "\(label): reach \(given.typical.reachInWords)\(median), needed \(needed)"
    var parts: [String] = []
    switch given.outcome {
    case .reaches, .cut: parts.append("the gradient arrives with the model as it is")
    case .grows: parts.append("but the gradient grows to \(growth(of: given)) times that at lag 0")
    case .tooShort, .unknown: break
    }
    if parts.isEmpty || given.outcome == .grows { parts += whatHelps(beyond: given) }
    if let window = given.typical.windowReach, window < needed {
      parts.append("the window ends at lag \(window), whatever the weights")
    }
    return ([start] + parts).joined(separator: "; ")
  }

  private var isTrained: Bool { rows.contains { $0.remedy.change == .freshWeights } }

  /// A change, which beside trained weights says that its own are fresh.
  private func phrase(_ row: RemedyRow) -> String {
    row.remedy.phrase + (isTrained && !row.remedy.keepsWeights ? " (fresh weights)" : "")
  }

  private func growth(of row: RemedyRow) -> String {
    row.median(\.largestShare).map(NumberText.significant) ?? "inf"
  }

  /// What arrives at the lag needed where no window ends before, or else what comes furthest; and what
  /// explodes.
  private func whatHelps(beyond given: RemedyRow) -> [String] {
    let changes = rows.dropFirst().filter {
      if case .window = $0.remedy.change { false } else { true }
    }
    let helping = changes.filter { [.reaches, .cut].contains($0.outcome) }
    var parts: [String] = []
    if let first = helping.first {
      parts.append("\(phrase(first)) reaches \(first.typical.reachInWords)")
      let others = helping.dropFirst().map(phrase)
      if !others.isEmpty { parts.append("also enough: \(others.listed("and"))") }
    } else {
      let furthest = changes.filter { $0.outcome == .tooShort }.max {
        ($0.typical.reach ?? -1) < ($1.typical.reach ?? -1)
      }
      parts.append("none of these changes is enough")
      if let furthest, (furthest.typical.reach ?? -1) > (given.typical.reach ?? -1) {
        parts.append("\(phrase(furthest)) comes furthest, to \(furthest.typical.reachInWords)")
      }
    }
    let growing = changes.filter { $0.outcome == .grows }
    if !growing.isEmpty {
      let all = growing.map { "\(phrase($0)) (to \(growth(of: $0)) times)" }
      parts.append("no remedy, as the gradient explodes: \(all.listed("and"))")
    }
    return parts
  }
}
