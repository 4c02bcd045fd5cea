import UnrollOptimization

extension UsageError: WordedError {
  var exitStatus: ExitStatus { .usage }

  var message: String {
    switch self {
    case .unknownCommand(let name, let nearest):
      "unknown command '\(ErrorMessage.shown(name))'"
        + suggestion(nearest, else: "unroll help lists them")
    case .unknownOption(let name, let nearest):
      "unknown option '\(ErrorMessage.shown(name))'"
        + suggestion(nearest.map { "--\($0)" }, else: "--help lists those accepted")
    case .missingValue(let spec):
      "\(spec.label) needs a value: \(spec.usage), \(spec.kind.accepted)"
    case .valueForFlag(let spec, let value):
      "\(spec.label)=\(ErrorMessage.shown(value)): \(spec.label) takes no value"
    case .givenTwice(let spec):
      "\(spec.label) is given twice"
    case .unexpectedArgument(let word, let command):
      "\(command) has no place for '\(ErrorMessage.shown(word))';"
        + " unroll help \(command) shows what it takes"
    case .missing(let spec, let command):
      "\(command) needs \(spec.usage): \(spec.kind.accepted)"
    case .rejected(let spec, let value, let origin, let accepted):
      place(spec, value, origin) + ": must be \(accepted ?? spec.kind.accepted)"
        + nearestChoice(spec, value)
    case .rejectedBecause(let spec, let value, let origin, let reason as InvalidSetting)
    where reason.value == value:
      place(spec, value, origin) + ": must be " + reason.accepted
    case .rejectedBecause(let spec, let value, let origin, let reason):
      place(spec, value, origin) + ": " + ErrorMessage.text(for: reason)
    case .conflict(let one, let other):
      "--\(one) and --\(other) exclude each other; give one of them"
    case .unknownKernels(let name, let available):
      "the environment's UNROLL_KERNELS \(ErrorMessage.shown(name)): must be one of"
        + " \(available.joined(separator: ", ")) on this CPU; without it the best is taken"
    }
  }

  private func suggestion(_ nearest: String?, else hint: String) -> String {
    nearest.map { "; did you mean '\($0)'?" } ?? "; \(hint)"
  }

  private func place(_ spec: OptionSpec, _ value: String, _ origin: ValueOrigin) -> String {
    switch origin {
    case .commandLine, .builtIn: "\(spec.label) \(ErrorMessage.shown(value))"
    case .config(let path):
      "\(ErrorMessage.shown(path)): '\(spec.name)' \(ErrorMessage.shown(value))"
    }
  }

  private func nearestChoice(_ spec: OptionSpec, _ value: String) -> String {
    guard case .choice(let names) = spec.kind,
      !names.contains(value), let nearest = NearestName.of(value, among: names)
    else { return "" }
    return "; did you mean '\(nearest)'?"
  }
}
