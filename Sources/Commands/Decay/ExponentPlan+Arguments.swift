import UnrollCommandLine
import UnrollStudies
import UnrollText

extension ExponentPlan {
  /// - Throws: `UsageError` for settings that do not fit each other, `ExponentMemoryError`.
  init?(_ arguments: Arguments, on data: DecayData, subjects: [DecaySubject]) throws {
    guard arguments[.exponents] else {
      let others = ["exponent-steps", "exponent-warmup", "exponent-count"]
      if let other = others.first(where: arguments.wasTyped) {
        throw arguments.rejection(of: other, accepted: "left out without --exponents")
      }
      return nil
    }
    let steps = arguments[optional: .exponentSteps] ?? data.shape.timeSteps
    let warmUp = arguments[optional: .exponentWarmup] ?? steps / 5
    guard 2 * warmUp < steps else {
      throw arguments.rejection(
        of: .exponentWarmup,
        accepted: "less than half of the \(NumberText.count(steps)) steps, for either end")
    }
    self.init(
      steps: steps, warmUp: warmUp, count: arguments[optional: .exponentCount],
      threads: arguments[.threads])
    for subject in subjects { try requireMemory(for: subject.model, on: data.shape) }
  }
}
