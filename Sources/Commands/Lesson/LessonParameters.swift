import Foundation
import UnrollCommandLine
import UnrollLessons
import UnrollStudies
import UnrollText

extension OptionGroup {
  static let lesson = OptionGroup("a lesson's own numbers", rank: 2)
}

/// The options for the numbers that lessons take.
enum LessonParameters {
  /// One of each name; values and ranges are each lesson's own.
  private static var all: [LessonParameter] {
    let parameters = Lesson.all.flatMap(\.parameters)
    return parameters.map(\.name).distinct.compactMap { name in
      parameters.first { $0.name == name }
    }
  }

  static func key(_ name: String) -> OptionKey<[Double]> { OptionKey(name) }

  static var rows: [OptionSpec] {
    all.map { parameter in
      let takers = Lesson.all.filter { lesson in
        lesson.parameters.contains { $0.name == parameter.name }
      }
      return OptionSpec(
        key(parameter.name), .numbers, parameter.placeholder,
        default: .described("the lesson's own"),
        group: .lesson, "\(parameter.summary) (\(takers.map(\.name).joined(separator: ", ")))")
    }
  }

  /// The seeds, and the values given for `lesson`; Ctrl-C breaks it off.
  ///
  /// - Throws: `UsageError` for a number that the lesson does not take, and where seeds pass the largest one.
  static func settings(_ arguments: Arguments, of lesson: Lesson? = nil) throws -> LessonSettings {
    let count = arguments[optional: .lessonSeeds]
    let most = count ?? Lesson.all.map(\.seeds).max() ?? 1
    guard SeedList(from: arguments[.seed], count: most) != nil else {
      throw arguments.rejection(of: .seed, accepted: "at most \(Int.max - most) for \(most) seeds")
    }
    var settings = LessonSettings(
      seed: arguments.seed, seeds: count,
      values: try lesson.map { try values(arguments, of: $0) } ?? [:])
    settings.shouldStop = { Interrupt.isRequested }
    return settings
  }

  /// The values given for `lesson`.
  ///
  /// - Throws: `UsageError` for a number that the lesson does not take.
  private static func values(_ arguments: Arguments, of lesson: Lesson) throws -> [String: [Double]]
  {
    var values: [String: [Double]] = [:]
    for name in all.map(\.name) {
      guard let given = arguments[optional: key(name)] else { continue }
      guard let parameter = lesson.parameters.first(where: { $0.name == name }) else {
        let own = lesson.parameters.map { "--\($0.name)" }.joined(separator: ", ")
        throw arguments.rejection(
          of: name,
          accepted: "left out: the lesson \(lesson.name) takes "
            + (own.isEmpty ? "no numbers of its own" : own))
      }
      guard parameter.counts.contains(given.count),
        given.allSatisfy({
          parameter.range.contains($0) && (!parameter.isWhole || $0.rounded() == $0)
        })
      else { throw arguments.rejection(of: name, accepted: accepted(parameter)) }
      values[name] = given
    }
    return values
  }

  private static func accepted(_ parameter: LessonParameter) -> String {
    let (low, high) = (parameter.range.lowerBound.plainText, parameter.range.upperBound.plainText)
    let most = parameter.counts.max() ?? 1
    let kind = parameter.isWhole ? "whole number" : "number"
    let count =
      most == 1
      ? "a \(kind)"
      : parameter.counts == [1, most] ? "one \(kind), or \(most)" : "one to \(most) \(kind)s"
    return "\(count) from \(low) to \(high)"
  }
}

extension OptionForm<[Double]> {
  /// Numbers between commas, at least one.
  static var numbers: Self {
    .custom(accepted: "a number, or numbers between commas: 1,0.5") { text in
      let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map {
        Double($0.trimmingCharacters(in: .whitespaces))
      }
      return numbers.allSatisfy { $0?.isFinite ?? false } ? numbers.compactMap(\.self) : nil
    }
  }
}
