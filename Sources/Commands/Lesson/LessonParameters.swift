import Foundation
import UnrollCommandLine
import UnrollLessons
import UnrollText

extension OptionGroup {
  static let lesson = OptionGroup("a lesson's own numbers", rank: 2)
}

/// The options for the numbers that lessons take.
enum LessonParameters {
  private static let summaries: [String: (placeholder: String, text: String)] = [
    "weights": ("LIST", "weights of the units, one for all or one for each: 1,2,1,0.5"),
    "biases": ("LIST", "biases of the units, one for all or one for each"),
    "x": ("X", "input"),
    "y": ("Y", "target"),
    "factors": ("LIST", "factors by which layers multiply: 1.5,0.5"),
    "layers": ("N", "layers of a network"),
    "width": ("N", "units of each layer"),
    "steps": ("N", "updates of a training"),
    "length": ("T", "time steps of a sequence"),
  ]

  private static var names: [String] { Lesson.all.flatMap(\.parameters).map(\.name).distinct }

  static func key(_ name: String) -> OptionKey<[Double]> { OptionKey(name) }

  static var rows: [OptionSpec] {
    names.map { name in
      let (placeholder, text) = summaries[name] ?? ("LIST", name)
      let takers = Lesson.all.filter { $0.parameters.contains { $0.name == name } }.map(\.name)
      return OptionSpec(
        key(name), .numbers, placeholder, default: .described("the lesson's own"), group: .lesson,
        "\(text) (\(takers.joined(separator: ", ")))")
    }
  }

  /// The values given for `lesson`.
  ///
  /// - Throws: `UsageError` for a number that the lesson does not take.
  static func values(_ arguments: Arguments, of lesson: Lesson) throws -> [String: [Double]] {
    var values: [String: [Double]] = [:]
    for name in names {
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
