import Testing
import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands

/// What `unroll completions` offers, whatever the shell.
struct CommandLineCompletionTests {
  /// Completes the last word of `line`; a blank at its end begins a new word.
  private func completion(_ line: String) -> CommandLineCompletion {
    let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    return CommandLineCompletion(of: words, in: .all)
  }

  private func texts(_ line: String) -> [String] { completion(line).suggestions.map(\.text) }

  @Test func theFirstWordIsACommand() {
    #expect(texts("") == CommandTable.all.commands.map(\.name))
    #expect(texts("de") == ["decay", "depth"])
    #expect(texts("--") == ["--help", "--version"])
    #expect(completion("decay").suggestions.map(\.summary) == [Command.decay.summary])
    #expect(texts("nothing ").isEmpty)
  }

  /// Every option of every command is offered, and nothing else.
  @Test(arguments: CommandTable.all.commands.map(\.name))
  func optionsAreTheCommandsOwn(name: String) throws {
    let command = try CommandTable.all.command(named: name)
    #expect(texts("\(name) --") == command.options.map(\.label) + ["--help"])
    for spec in command.options {
      #expect(texts("\(name) \(spec.label)").contains(spec.label))
    }
  }

  /// Every choice is offered, as a word of its own and behind =, and nothing else.
  @Test(arguments: CommandTable.all.commands.map(\.name))
  func choicesAreOffered(name: String) throws {
    let command = try CommandTable.all.command(named: name)
    for spec in command.options {
      guard case .choice(let names) = spec.kind else { continue }
      #expect(texts("\(name) \(spec.label) ") == names)
      #expect(texts("\(name) \(spec.label)=") == names.map { "\(spec.label)=\($0)" })
    }
  }

  /// Whatever is offered as a whole value is accepted; what ends in =, : or / goes on.
  @Test(arguments: CommandTable.all.commands.map(\.name))
  func valuesOfferedAreAccepted(name: String) throws {
    let command = try CommandTable.all.command(named: name)
    for spec in command.options + command.arguments {
      for suggestion in spec.suggestions.suggestions(for: "") {
        guard let last = suggestion.text.last, !"=:/".contains(last) else { continue }
        #expect(
          try spec.kind.value(from: suggestion.text) != nil, "\(spec.label) \(suggestion.text)")
      }
    }
  }

  @Test func pathsAreTheShells() {
    for option in ["--model", "--file", "--inputs", "--config", "--resume"] {
      #expect(completion("train \(option) ").paths == .files, "\(option)")
      #expect(completion("train \(option)=x").paths == .files, "\(option)")
    }
    #expect(completion("train --validation ").paths == .files)
    #expect(completion("train --targets ").paths == .files)
    #expect(texts("train --targets ") == ["last", "every"])
    #expect(completion("train --out ").paths == .folders)
    #expect(completion("decay --runs ").paths == .folders)
    #expect(completion("merge ").paths == .folders)
    #expect(completion("merge one ").paths == .folders)
    #expect(completion("train --hidden ").paths == nil && texts("train --hidden ").isEmpty)
  }

  @Test func argumentsAreOfferedInTheirPlace() {
    #expect(texts("train ") == TaskTable.all.map(\.name))
    #expect(texts("train --json te") == ["temporal-order", "text"])
    #expect(texts("train --hidden 8 cop") == ["copy"])
    #expect(texts("train --hidden=8 cop") == ["copy"])
    #expect(texts("train adding cop").isEmpty)
    // With no argument left to give, options are.
    #expect(texts("decay ") == Command.decay.options.map(\.label) + ["--help"])
    #expect(texts("train -- --").isEmpty)
    #expect(texts("help tr") == ["train"])
    #expect(texts("completions ") == ["bash", "zsh", "fish"])
  }

  @Test func anOptionIsOfferedOnce() {
    #expect(texts("train --hidden 8 --hid").isEmpty)
    #expect(texts("train --hidden=8 --hid").isEmpty)
    #expect(texts("sweep --vary hidden=8 --var") == ["--vary"])
    // What follows a flag is no value of it.
    #expect(texts("train --json --jso").isEmpty && texts("train --json cop") == ["copy"])
  }

  @Test func listsGoOnBehindTheirCommas() {
    let cells = CellKind.builtIn.map(\.name)
    #expect(texts("decay --cells ") == cells)
    #expect(texts("decay --cells rnn,") == cells.filter { $0 != "rnn" }.map { "rnn,\($0)" })
    #expect(texts("decay --cells=rnn,l") == ["--cells=rnn,lstm"])
    #expect(texts("train --cell rnn,").isEmpty)
  }

  @Test func aCellIsWrittenPartByPart() {
    #expect(texts("train --cell rnn") == ["rnn", "rnn/"])
    #expect(texts("train --cell rnn/") == ["rnn/activation=", "rnn/init="])
    #expect(
      texts("train --cell rnn/activation=pr") == ["rnn/activation=prelu"])
    #expect(
      texts("train --cell rnn/activation=relu/") == ["rnn/activation=relu/init="])
    #expect(texts("train --cell lstm/forget-bias=") == ["lstm/forget-bias=none"])
    #expect(
      texts("decay --cells lstm,rnn/init=i")
        == ["lstm,rnn/init=identity", "lstm,rnn/init=identity:"])
    #expect(
      texts("depth --stacks relu/init=he/")
        == ["relu/init=he/batch-norm", "relu/init=he/residual"])
  }

  @Test func settingsThatTakeANumberGoOn() {
    let rules = Clipping.rules.map { $0.name + ":" }
    #expect(texts("train --clip ") == ["none"] + rules)
    #expect(texts("train --activation elu") == ["elu", "elu:"])
  }

  @Test func variedOptionsAndTheirValues() {
    #expect(texts("sweep adding --vary optim") == ["optimizer="])
    #expect(texts("sweep adding --vary seed").isEmpty)
    #expect(
      texts("sweep adding --vary optimizer=sgd,adam") == [
        "optimizer=sgd,adam", "optimizer=sgd,adamw",
      ])
    #expect(texts("sweep adding --vary=optimizer=sgd,m") == ["--vary=optimizer=sgd,momentum"])
    #expect(texts("sweep adding --against cell=g") == ["cell=gru"])
  }

  /// The command that the scripts ask.
  @Test func theCommandPrintsALineForEach() {
    let test = TestTerminal()
    let words = ["completions", "zsh", "--", "train", "--resume", ""]
    #expect(Program.unroll.run(words, on: test.terminal) == .done)
    #expect(test.output.text == "words files\n")
    let bash = TestTerminal()
    #expect(
      Program.unroll.run(["completions", "bash", "--", "decay", "--help"], on: bash.terminal)
        == .done)
    #expect(bash.output.text == "words\n--help\n")
  }

  @Test func anUnknownShellIsRefused() {
    let test = TestTerminal()
    #expect(Program.unroll.run(["completions", "csh"], on: test.terminal) == .usage)
    #expect(
      test.diagnostics.lines == ["unroll: SHELL csh: must be bash, zsh or fish"])
  }
}
