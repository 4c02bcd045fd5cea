import Foundation
import UnrollCommandLine
import UnrollFileFormats
import UnrollOptimization
import UnrollStudies
import UnrollText

/// An option of `train` and the values that a sweep gives it: `learning-rate=1e-3,3e-3`.
struct Variation {
  /// The option.
  let option: VariedOption
  /// The values, in the order given, in the form that files have.
  let values: [String]

  /// Reads `OPTION=V1,V2,…`. A value with commas stands in double quotes.
  ///
  /// - Throws: ``VariationError``.
  init(_ text: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else { throw VariationError.noValues(text) }
    do throws(VariedOptionError) {
      option = try VariedOption(String(parts[0]))
    } catch {
      throw VariationError.option(place: "--vary", error)
    }
    let texts: [String]
    do {
      texts = try CSVLine.fields(of: String(parts[1]))
    } catch {
      throw VariationError.badQuotes(text)
    }
    var values: [String] = []
    for (place, value) in texts.enumerated() {
      let value = value.trimmingCharacters(in: .whitespaces)
      guard !value.isEmpty else {
        throw VariationError.emptyValue(option: option.name, place: place + 1)
      }
      do {
        let value = try option.value(value)
        if let first = values.firstIndex(of: value) {
          throw VariationError.twice(
            option: option.name, value: value, places: (first + 1, place + 1))
        }
        values.append(value)
      } catch let error as UsageError {
        throw VariationError.refused(
          option: option.name, place: place + 1, reason: error.message)
      }
    }
    self.values = values
  }

  /// Reads several of these.
  ///
  /// - Throws: ``VariationError``, also for an option that is there twice.
  static func list(_ texts: [String]) throws -> [Variation] {
    let variations = try texts.map { try Variation($0) }
    for (place, one) in variations.enumerated()
    where variations[..<place].contains(where: { $0.option == one.option }) {
      throw VariationError.option(place: "--vary", .twice(one.option.name))
    }
    return variations
  }

  /// `--vary learning-rate=0.1,0.2` for the text `0.1,0.2` that was given to the option of `spec`; nil where
  /// it is no list of values that the option may have.
  static func comparing(_ spec: OptionSpec, _ text: String) -> String? {
    guard let variation = try? Variation("\(spec.name)=\(text)"), variation.values.count > 1
    else { return nil }
    return "--vary \(spec.name)=\(text.shown)"
  }

  /// The same for a command that makes no sweep: `unroll sweep TASK --vary learning-rate=0.1,0.2`.
  static func sweepComparing(_ spec: OptionSpec, _ text: String) -> String? {
    comparing(spec, text).map { "unroll sweep TASK \($0)" }
  }

  /// The values of both, each once, where `other` is of a later call.
  init(_ one: Variation, joinedWith other: Variation) {
    option = one.option
    values = ValueOrder.joined(one.values, other.values)
  }

  /// `learning-rate=0.001,0.003`, as `config.json` has it.
  var text: String { option.name + "=" + CSVLine.text(values) }
}

extension [Variation] {
  /// The same with the values of `others` for the options that these vary, and what is new in them behind.
  func replacing(_ others: [Variation]) -> [Variation] {
    map { own in others.first { $0.option == own.option } ?? own }
      + others.filter { other in !contains { $0.option == other.option } }
  }
}

/// An option of `train` that a sweep may vary.
struct VariedOption: Equatable {
  /// Options of `train` that have a place of their own in a sweep, and what to do instead.
  private static let fixed: [String: String] = [
    "seed": "seeds are counted: --seeds N, from --seed on, or named: --seeds 1-3,10-12",
    "seeds": "it is given for all runs: --seeds N, from --seed on, or --seeds 1-3,10-12",
    "threads": "every run has one thread; --threads says how many are made at a time",
    "kernels": "a program has one set: --kernels is for all runs",
    "stop-when-solved": "--stop solved is for all runs, so that they can be compared",
    "loss-at": "a sweep does not measure decay", "watch-decay": "a sweep does not measure decay",
    "resume": "a sweep goes on with --out", "sweep": "it is for one run",
    "run": "it is for one run", "accept-changed-data": "it is for --resume",
    "reschedule": "it is for --resume", "config": "--config is for the whole sweep",
    "out": "a sweep has one folder", "json": "it is for the whole sweep",
    "checkpoint-every": "runs of a sweep have no checkpoints",
    "keep-checkpoints": "runs of a sweep have no checkpoints",
    "quiet": "it is for the whole sweep", "tensorboard": "it is for the whole sweep",
  ]

  /// The option's row in the table of `train`.
  let spec: OptionSpec
  var name: String { spec.name }

  static func == (one: VariedOption, other: VariedOption) -> Bool { one.name == other.name }

  /// The option of `train` called `name`.
  ///
  init(_ name: String) throws(VariedOptionError) {
    let specs = Command.train.arguments + Command.train.options
    if let reason = Self.fixed[name] { throw .fixed(name, reason: reason) }
    guard let spec = specs.first(where: { $0.name == name || $0.formerName == name }) else {
      if Command.sweep.options.contains(where: { $0.name == name }) {
        throw .fixed(name, reason: "it is for the whole sweep: --\(name)")
      }
      let names = specs.map(\.name).filter { Self.fixed[$0] == nil }
      throw .unknown(name, nearest: NearestOption.of(name, among: names))
    }
    self.spec = spec
  }

  /// Whether `train` has the option and a sweep takes one value of it for all runs.
  static func isShared(_ spec: OptionSpec) -> Bool { fixed[spec.name] == nil }

  /// The option's value in `training`, a command line of `train`, in the form that files have; empty where it
  /// has none.
  func value(in training: Arguments) -> String {
    if case .flag = spec.kind { return String(training.isSet(OptionKey<Bool>(name))) }
    guard let value = training.entries[name]?.value else { return "" }
    let text = value.canonicalText(for: spec)
    return (try? self.value(text)) ?? text
  }

  /// A value in the form that files have: the same settings have the same text, and paths begin at the
  /// root.
  ///
  /// - Throws: `UsageError`.
  func value(_ text: String) throws -> String {
    if name == OptionKey<Clipping>.clip.name {
      do {
        return try ClipThreshold(text).description
      } catch {
        throw UsageError.rejectedBecause(spec, value: text, origin: .commandLine, reason: error)
      }
    }
    return try Arguments.Entry(spec, text, .commandLine).value.canonicalText(for: spec)
  }
}

extension OptionValue {
  /// The value as a text that reads back as the same, however it was written: `1` is `norm:1`.
  func canonicalText(for spec: OptionSpec) -> String {
    switch self {
    case .text(let path) where spec.isPath: return AbsolutePath.of(path)
    case .custom(let value, let text):
      if let path = textFromRoot { return path }
      let canonical = String(describing: value)
      let isSame = (try? spec.kind.value(from: canonical)).flatMap(\.self)?.means(self) ?? false
      return isSame ? canonical : text
    case .real(let number): return number.plainText
    default: return recorded.text(for: spec.kind) ?? recorded.encoded()
    }
  }
}

/// Why an option is not one that a sweep varies.
enum VariedOptionError: Error {
  case unknown(String, nearest: String?)
  case fixed(String, reason: String)
  case twice(String)

  /// Behind the words that say where the option is named.
  var words: String {
    switch self {
    case .unknown(let name, let nearest):
      "\(name.shown): train has no such option"
        + (nearest.map { "; did you mean '\($0)'?" } ?? "; unroll help train lists them")
    case .fixed(let name, let reason): "\(name): \(reason)"
    case .twice(let name): "\(name) is given twice; one list has all of its values"
    }
  }
}

/// What is wrong with the options that a sweep varies.
enum VariationError: Error {
  case noValues(String)
  case badQuotes(String)
  /// An option that cannot be varied; `place` is what names it.
  case option(place: String, VariedOptionError)
  case emptyValue(option: String, place: Int)
  case twice(option: String, value: String, places: (Int, Int))
  case refused(option: String, place: Int, reason: String)
  /// The option is also given for all runs.
  case alsoGiven(String)
  case tooManyRuns(String)
  case emptyGrid(path: String)
  case gridRow(path: String, line: Int, reason: String)
  case setting(String, reason: any Error)
  case unknownBaseline(String)
  /// Two settings whose runs are the same.
  case sameSetting(String, other: String)
  /// An option that is varied has no effect in any setting.
  case noEffect(SameSettings.Finding)
  /// The folder's sweep varies other options, or in another order.
  case otherOptions(folder: String, found: [String], given: [String])
}

extension VariationError: WordedError {
  var exitStatus: ExitStatus {
    // A file that is missing is no wrong usage.
    if case .setting(_, let reason) = self { return ErrorMessage.exitStatus(for: reason) }
    return .usage
  }

  var message: String {
    switch self {
    case .noValues(let text):
      "--vary \(text.shown): must be an option and its values, such as learning-rate=1e-3,3e-3"
    case .badQuotes(let text):
      "--vary \(text.shown): a quote is not closed, or text follows it; values with commas stand in "
        + "double quotes: file=\"a,b.csv\",c.csv"
    case .option(let place, let error): "\(place) \(error.words)"
    case .emptyValue(let option, let place): "--vary \(option): value \(place) is empty"
    case .twice(let option, let value, let places):
      "--vary \(option): value \(places.1) is value \(places.0) again, \(value.shown)"
    case .refused(let option, let place, let reason):
      "--vary \(option): value \(place): \(reason)"
    case .alsoGiven(let label):
      "\(label) is given for all runs, and --vary or --grid gives it values; give one of them"
    case .tooManyRuns(let count):
      "\(count) runs: must be at most 1,000,000; leave out values or seeds"
    case .emptyGrid(let path): "\(path.escaped) has no row; a row below the header is a setting"
    case .gridRow(let path, let line, let reason): "\(path.escaped), line \(line): \(reason)"
    case .setting(let setting, let reason):
      (setting.isEmpty ? "" : "the setting \(setting.shown): ") + ErrorMessage.text(for: reason)
    case .unknownBaseline(let text): text
    case .sameSetting(let setting, let other):
      "the setting \(setting.isEmpty ? "without values" : setting.shown) is "
        + "\(other.isEmpty ? "the one without values" : other.shown) in other words; leave one out"
    case .noEffect(let finding): "\(finding.message); leave it out"
    case .otherOptions(let folder, let found, let given):
      "\(folder.escaped) varies \(found.isEmpty ? "nothing" : found.listed("and")), here "
        + "\(given.isEmpty ? "nothing is" : given.listed("and")); a sweep goes on with the same options in "
        + "the same order, or with another --out; --config \("\(folder)/config.json".shellWord) takes the "
        + "values of those that are not named here"
    }
  }
}
