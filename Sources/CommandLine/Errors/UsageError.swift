/// What can be wrong with a command line. Data only; `UsageError+Message.swift` words it.
package enum UsageError: Error {
  case unknownCommand(String, nearest: String?)
  /// The option as written, with its dashes; `nearest` without.
  case unknownOption(String, nearest: String?)
  /// An argument that is given by its place was named like an option, with that value.
  case optionForArgument(OptionSpec, command: String, value: String?)
  case missingValue(OptionSpec)
  case valueForFlag(OptionSpec, value: String)
  case givenTwice(OptionSpec)
  /// A word where none is taken; `meant` is the option it may have been meant for, with that value.
  case unexpectedArgument(String, command: String, meant: String?)
  /// An argument, or an option without a default, that the command cannot do without, unless it has `other`.
  case missing(OptionSpec, command: String, or: OptionSpec? = nil)
  /// The value is not what the option's kind takes, or, with `accepted`, not what the command does.
  case rejected(OptionSpec, value: String, origin: ValueOrigin, accepted: String?)
  /// The value was refused by an error that says more.
  case rejectedBecause(OptionSpec, value: String, origin: ValueOrigin, reason: any Error)
  /// Several values for an option of one, which refused them so; `remedy` compares them.
  case listForOneValue(any Error, remedy: String)
  /// Two options that exclude each other, without dashes.
  case conflict(String, String)
  /// A word with bytes that are not UTF-8, each of which stands in it as U+FFFD.
  case notUTF8(String)
  /// A variable of the environment with a value that is not accepted.
  case environment(variable: String, value: String, accepted: String)
}
