import Foundation
import UnrollCommandLine
import UnrollDenseMath
import UnrollFeedForward
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollStudies
import UnrollText
import UnrollTraining

// Options whose forms belong to the modules that act on them.

extension OptionForm<Clipping> {
  static var clipping: Self {
    one(Clipping.accepted, Suggestion.clipping) { text in
      if case .meanNorms = try? ClipThreshold(text) {
        throw InvalidSetting(
          value: text,
          accepted:
            "a rule for one run; multiples of the mean norm are compared by clip --thresholds "
            + "\(text), or sweep --vary clip=\(text)")
      }
      return try Clipping(text)
    }
  }
}

extension OptionForm<[ClipThreshold]> {
  static var thresholds: Self {
    several(ClipThreshold.accepted, Suggestion.clipping) { try ClipThreshold($0) }
  }
}

extension OptionForm<Truncation> {
  static var window: Self {
    one(Truncation.accepted, Suggestion.window, normalize: normalizedWindow) {
      try Truncation(parsing: $0)
    }
  }
}

extension OptionForm<Recompute> {
  static var recompute: Self {
    one(Recompute.accepted, Suggestion.recompute, normalize: normalizedRecompute) {
      try Recompute($0)
    }
  }
}

extension OptionForm<KernelChoice> {
  static var kernels: Self {
    one(KernelChoice.accepted, Suggestion.kernels, normalize: normalizedKernels) {
      try KernelChoice($0)
    }
  }

  /// Both parts of the choice, as a run records them.
  private static func normalizedKernels(_ text: String) -> String {
    (try? KernelChoice(text))?.description ?? text
  }
}

extension OptionForm<[Truncation]> {
  static var windows: Self {
    several(Truncation.accepted, Suggestion.window, normalize: normalizedWindow) {
      try Truncation(parsing: $0)
    }
  }
}

extension OptionForm<Activation> {
  static var activation: Self {
    one(Activation.accepted, Suggestion.activation, normalize: Activation.canonical) {
      try Activation(parsing: $0)
    }
  }
}

extension OptionForm<Initializer> {
  static var initializer: Self {
    one(Initializer.accepted, Suggestion.initializer) { try Initializer(parsing: $0) }
  }
}

extension OptionForm<CellSpecification> {
  static var cell: Self {
    one(CellSpecification.accepted, Suggestion.cell, normalize: normalizedCell) {
      try CellSpecification(parsing: $0)
    }
  }
}

extension OptionForm<[CellSpecification]> {
  static var cells: Self {
    several(CellSpecification.accepted, Suggestion.cell, normalize: normalizedCell) {
      try CellSpecification(parsing: $0)
    }
  }
}

extension OptionForm<[FeedForwardSpecification]> {
  static var stacks: Self {
    several(
      FeedForwardSpecification.accepted, Suggestion.stack, normalize: normalizedStack
    ) {
      try FeedForwardSpecification(parsing: $0)
    }
  }
}

extension OptionForm<Regularizer> {
  static var regularizer: Self {
    one(Regularizer.accepted, Suggestion.regularizer) { try Regularizer($0) }
  }
}

extension HeldOutPart: FileNaming {
  package var namedFile: String? { if case .file(let path) = self { path } else { nil } }
}

extension TargetsChoice: FileNaming {
  package var namedFile: String? { path }

  package func text(withFile path: String) -> String {
    path + (placement.map { ",\($0.rawValue)" } ?? "")
  }
}

extension OptionForm<TargetsChoice> {
  static var targets: Self {
    custom(accepted: TargetsChoice.accepted) { $0.isEmpty ? nil : TargetsChoice(parsing: $0) }
      .suggesting { _ in TargetPlacement.allCases.map { Suggestion($0.rawValue) } }
  }
}

extension OptionForm<HeldOutPart> {
  static var heldOutPart: Self {
    custom(accepted: HeldOutPart.accepted) { HeldOutPart(parsing: $0) }
  }
}

extension OptionForm<SurfacePlace> {
  static var place: Self { custom(accepted: SurfacePlace.accepted) { SurfacePlace($0) } }
}

extension OptionForm<String> {
  static var forgetBias: Self {
    custom(accepted: "a number or none", normalize: { $0.lowercased() }) { text in
      text == "none" ? text : Double(text).flatMap { $0.isFinite ? text : nil }
    }.suggesting { _ in Suggestion.forgetBias }
  }
}

extension OptionForm {
  /// Names are read in any letters.
  private static func one(
    _ accepted: String, _ suggestions: @escaping @Sendable (String) -> [Suggestion],
    normalize: @escaping @Sendable (String) -> String = { $0.lowercased() },
    _ read: @escaping @Sendable (String) throws -> Value
  ) -> OptionForm {
    custom(accepted: accepted, normalize: normalize, parse: read).suggesting(suggestions)
  }

  /// Several between commas, each normalized by itself.
  private static func several<Element: Sendable>(
    _ accepted: String, _ suggestions: @escaping @Sendable (String) -> [Suggestion],
    normalize: @escaping @Sendable (String) -> String = { $0.lowercased() },
    _ read: @escaping @Sendable (String) throws -> Element
  ) -> OptionForm<[Element]> where Value == [Element] {
    @Sendable func elements(_ list: String) -> [String] {
      list.split(separator: ",", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }
    return custom(
      accepted: "\(accepted), several between commas",
      normalize: { elements($0).map(normalize).joined(separator: ",") },
      parse: { try elements($0).map(read) }
    ).suggesting(isList: true, suggestions)
  }
}

/// `1000:2000` for `1e3:2e3`.
private func normalizedWindow(_ text: String) -> String {
  text.lowercased().split(separator: ":", omittingEmptySubsequences: false)
    .map { part in Int(written: part).map { String($0) } ?? String(part) }.joined(separator: ":")
}

/// `rnn/activation=leaky-relu` for `RNN/activation=LeakyReLU`.
private func normalizedCell(_ text: String) -> String {
  let option = CellOption.activation.rawValue + "="
  return text.lowercased().split(separator: "/", omittingEmptySubsequences: false).map { part in
    part.hasPrefix(option)
      ? option + Activation.canonical(String(part.dropFirst(option.count))) : String(part)
  }.joined(separator: "/")
}

/// `leaky-relu/batch-norm` for `LeakyReLU/batch-norm`.
private func normalizedStack(_ text: String) -> String {
  let name = text.prefix { $0 != "/" }
  return Activation.canonical(String(name)) + text.dropFirst(name.count).lowercased()
}

/// `every:1000` for `Every:1e3`; the units of sizes are kept as they are.
private func normalizedRecompute(_ text: String) -> String {
  let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
  let name = parts[0].lowercased()
  guard parts.count == 2 else { return name }
  return name + ":" + (Int(written: parts[1]).map { String($0) } ?? String(parts[1]))
}

extension InvalidSetting: RefusedText {}
