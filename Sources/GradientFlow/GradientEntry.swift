/// At how many steps the gradient that a decay curve follows enters.
///
/// Behind a step at which gradient enters, a curve falls and rises by what enters as well as by what
/// is passed on. So only the curve of what enters at one step has a half-life.
public enum GradientEntry: Sendable, CaseIterable {
  /// At one step, the last that the loss reads.
  case once
  /// At more than one step.
  case severalSteps
  /// At more than one step, of which the curve follows what enters at each row's own last step alone: a row
  /// that nothing enters there counts as 0.
  case lastOfSeveral
}
