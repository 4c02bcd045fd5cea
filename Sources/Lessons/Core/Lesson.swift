import UnrollReports

/// A claim about gradients in deep and recurrent networks: its formula, a prediction, what is measured, and a
/// figure. Its words are in the files of `Texts`, one for each language.
///
///     let report = try Lesson.chain.report()
///     print(report.text)
public struct Lesson: Sendable {
  /// As on the command line: `three-hidden`.
  public let name: String
  /// The numbers that it takes.
  public let parameters: [LessonParameter]
  /// How many seeds it repeats over where nothing else is asked for.
  public let seeds: Int
  let formulas: [Formula]
  let measure: @Sendable (LessonSettings) throws -> LessonResult

  /// - Parameters:
  ///   - seeds: how many seeds it repeats over; 1 where chance has no part in it.
  ///   - formulas: in the notation of ``Formula``.
  init(
    _ name: String, parameters: [LessonParameter] = [], seeds: Int = 1, formulas: [String],
    measure: @escaping @Sendable (LessonSettings) throws -> LessonResult
  ) {
    self.name = name
    self.parameters = parameters
    self.seeds = seeds
    self.formulas = formulas.map { Formula($0) }
    self.measure = measure
  }

  /// The lesson called `name`; nil where there is none.
  public static func named(_ name: String) -> Lesson? { all.first { $0.name == name } }

  /// The lesson's title.
  public func title(in language: LessonLanguage) -> String {
    language.texts.text(name, "title") ?? name
  }

  /// Runs the lesson; the same settings give the same numbers.
  ///
  /// - Throws: `TrainingError` for training that cannot be run; `CancellationError` where it was broken off.
  public func report(
    _ settings: LessonSettings = LessonSettings(), in language: LessonLanguage = .english
  ) throws -> LessonReport {
    let settings = LessonSettings(settings, of: self)
    return LessonReport(self, settings, try measure(settings), language)
  }
}
