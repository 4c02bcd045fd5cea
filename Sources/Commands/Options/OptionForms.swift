import Foundation
import UnrollCommandLine
import UnrollDenseMath
import UnrollFeedForward
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollStudies
import UnrollTraining

// Options whose forms belong to the modules that act on them.

extension OptionForm<Clipping> {
  static var clipping: Self { one(Clipping.accepted) { try Clipping($0) } }
}

extension OptionForm<[ClipThreshold]> {
  static var thresholds: Self { several(ClipThreshold.accepted) { try ClipThreshold($0) } }
}

extension OptionForm<Truncation> {
  static var window: Self { one(Truncation.accepted) { try Truncation(parsing: $0) } }
}

extension OptionForm<Recompute> {
  static var recompute: Self { one(Recompute.accepted) { try Recompute($0) } }
}

extension OptionForm<[Truncation]> {
  static var windows: Self { several(Truncation.accepted) { try Truncation(parsing: $0) } }
}

extension OptionForm<Activation> {
  static var activation: Self { one(Activation.accepted) { try Activation(parsing: $0) } }
}

extension OptionForm<Initializer> {
  static var initializer: Self { one(Initializer.accepted) { try Initializer(parsing: $0) } }
}

extension OptionForm<CellSpecification> {
  static var cell: Self {
    one(CellSpecification.accepted) { try CellSpecification(parsing: $0) }
  }
}

extension OptionForm<[CellSpecification]> {
  static var cells: Self {
    several(CellSpecification.accepted) { try CellSpecification(parsing: $0) }
  }
}

extension OptionForm<[FeedForwardSpecification]> {
  static var stacks: Self {
    several(FeedForwardSpecification.accepted) { try FeedForwardSpecification(parsing: $0) }
  }
}

extension OptionForm<Regularizer> {
  static var regularizer: Self { one(Regularizer.accepted) { try Regularizer($0) } }
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
    custom(accepted: "a number or none") { text in
      text == "none" ? text : Double(text).flatMap { $0.isFinite ? text : nil }
    }
  }
}

extension OptionForm {
  private static func one(
    _ accepted: String, _ read: @escaping @Sendable (String) throws -> Value
  ) -> OptionForm {
    .custom(accepted: accepted, parse: read)
  }

  /// Several between commas.
  private static func several<Element: Sendable>(
    _ accepted: String, _ read: @escaping @Sendable (String) throws -> Element
  ) -> OptionForm<[Element]> where Value == [Element] {
    .custom(accepted: "\(accepted), several between commas") { text in
      try text.split(separator: ",", omittingEmptySubsequences: false).map {
        try read($0.trimmingCharacters(in: .whitespaces))
      }
    }
  }
}

extension InvalidSetting: RefusedText {}
