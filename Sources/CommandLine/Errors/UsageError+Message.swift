import UnrollText

extension UsageError: WordedError {
  package var exitStatus: ExitStatus { .usage }

  package var message: String {
    switch self {
    case .unknownCommand(let name, let nearest):
      "unknown command '\(name.shown)'"
        + suggestion(nearest, else: "unroll help lists them")
    case .unknownOption(let name, let nearest):
      "unknown option '\(name.shown)'"
        + suggestion(nearest.map { "--\($0)" }, else: "--help lists those accepted")
    case .optionForArgument(let spec, let command, let value):
      "--\(spec.name): \(spec.label) stands alone, without a name: unroll \(command) "
        + (value?.shown ?? spec.label)
    case .missingValue(let spec):
      "\(spec.label) needs a value: \(spec.usage), \(spec.kind.accepted)"
    case .valueForFlag(let spec, let value):
      "\(spec.label)=\(value.shown): \(spec.label) takes no value"
    case .givenTwice(let spec):
      "\(spec.label) is given twice"
    case .unexpectedArgument(let word, let command, let meant):
      "unexpected argument '\(word.shown)'"
        + suggestion(meant, else: "unroll help \(command) shows what \(command) takes")
    case .missing(let spec, let command, let other):
      // That a list is of texts says nothing; its summary does.
      "\(command) needs \(spec.usage): \(spec.kind.repeats ? spec.summary : spec.kind.accepted)"
        + (other.map { "; or \($0.usage)" } ?? "")
    case .rejected(let spec, let value, let origin, let accepted):
      place(spec, value, origin)
        + ": must be \(accepted ?? spec.kind.accepted(inPlaceOf: value))"
        + nearestChoice(spec, value)
    case .rejectedBecause(let spec, let value, let origin, let reason as any RefusedText)
    where reason.value == spec.kind.normalized(value):
      place(spec, value, origin) + ": must be " + reason.accepted
    case .rejectedBecause(let spec, let value, let origin, let reason):
      place(spec, value, origin) + ": " + ErrorMessage.text(for: reason)
    case .listForOneValue(let refusal, let remedy):
      "\(ErrorMessage.text(for: refusal)); to compare several: \(remedy)"
    case .notUTF8(let word):
      "argument '\(word.shown)': must be UTF-8, and has other bytes; rename the file that it is of, or type "
        + "it in a terminal that uses UTF-8"
    case .conflict(let one, let other):
      "--\(one) and --\(other) exclude each other; give one of them"
    case .environment(let variable, let value, let accepted):
      "the environment's \(variable) \(value.shown): must be \(accepted)"
    }
  }

  private func suggestion(_ nearest: String?, else hint: String) -> String {
    nearest.map { "; did you mean '\($0)'?" } ?? "; \(hint)"
  }

  private func place(_ spec: OptionSpec, _ value: String, _ origin: ValueOrigin) -> String {
    switch origin {
    case .commandLine, .builtIn: "\(spec.label) \(value.shown)"
    case .config(let path):
      "\(path.shown): '\(spec.name)' \(value.shown)"
    }
  }

  private func nearestChoice(_ spec: OptionSpec, _ value: String) -> String {
    guard case .choice(let names) = spec.kind,
      !names.contains(value), let nearest = NearestName.of(value, among: names)
    else { return "" }
    return "; did you mean '\(nearest)'?"
  }
}

/// An error about a text that has no meaning, which says what has.
package protocol RefusedText: Error {
  var value: String { get }
  /// Completes "must be …".
  var accepted: String { get }
}
