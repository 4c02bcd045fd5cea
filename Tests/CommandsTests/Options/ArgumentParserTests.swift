import Testing
import UnrollOptimization
import UnrollRecurrentCells
import UnrollTraining

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollStudies

struct ArgumentParserTests {
  @Test func valuesMayStandBehindOrBeAttached() throws {
    let arguments = try ArgumentParser.arguments([
      "--hidden", "64", "adding", "--layers=2", "--json", "--clip=value:3",
    ])
    #expect(arguments[.hidden] == 64)
    #expect(arguments[.layers] == 2)
    #expect(arguments[.subject] == "adding")
    #expect(arguments[.json] && !arguments[.quiet])
    #expect(arguments[.clip] == .value(3))
  }

  @Test func defaultsFillWhatIsNotGiven() throws {
    let arguments = try ArgumentParser.arguments(["copy"])
    #expect(arguments[.hidden] == 128)
    #expect(arguments[.layers] == 1)
    #expect(arguments[.batch] == 20)
    #expect(arguments[.length] == 100)
    #expect(arguments[.steps] == 8_000)
    #expect(arguments[.seed] == 1)
    #expect(arguments[.threads] >= 1)
    #expect(arguments[.optimizer] == "adam")
    #expect(arguments[.learningRate] == 0.001)
    #expect(arguments[.clip] == Clipping.norm(1))
    #expect(arguments[.precision] == "float")
    #expect(arguments.text(of: "cells") == "rnn,lstm")
    #expect(arguments[optional: .model] == nil)
    #expect(arguments[optional: .window] == nil)
    #expect(!arguments.wasGiven("hidden"))
  }

  @Test func aValueMayBeginWithOneDash() throws {
    let arguments = try ArgumentParser.arguments(["copy", "--solve-at", "-1", "--prompt=--x=y"])
    #expect(arguments[.solveAt] == -1)
    #expect(arguments[.prompt] == "--x=y")
    let text = message { _ = try ArgumentParser.arguments(["copy", "--clip", "-1"]) }
    #expect(text?.hasPrefix("--clip -1: must be none, norm:τ, ") == true)
  }

  @Test(arguments: [(["--subject", "copy"], "SUBJECT"), (["--subject=copy"], "copy")])
  func anArgumentHasNoName(words: [String], shown: String) {
    let text = message { _ = try ArgumentParser.arguments(words) }
    #expect(text == "--subject: SUBJECT stands alone, without a name: unroll sample \(shown)")
  }

  @Test func aMultipleOfTheMeanNormSaysWhereItBelongs() {
    let text = message { _ = try ArgumentParser.arguments(["copy", "--clip", "2x"]) }
    #expect(
      text
        == "--clip 2x: must be a rule for one run; multiples of the mean norm are compared by clip "
        + "--thresholds 2x, or sweep --vary clip=2x")
  }

  @Test func twoDashesEndTheOptions() throws {
    let arguments = try ArgumentParser.arguments(["--seed", "7", "--", "copy"])
    #expect(arguments[.subject] == "copy")
    let text = message { _ = try ArgumentParser.arguments(["--", "--seed"]) }
    #expect(text == "SUBJECT --seed: must be adding or copy")
  }

  @Test(arguments: [
    ["--help"], ["adding", "--hiden", "--help"], ["-h"], ["--hidden", "0", "--help"],
  ])
  func helpWinsOverMistakes(words: [String]) throws {
    guard case .help = try ArgumentParser(command: .sample).parse(words) else {
      Issue.record("no help for \(words)")
      return
    }
  }

  @Test(arguments: [
    (["--hiden", "3"], "unknown option '--hiden'; did you mean '--hidden'?"),
    (["--hiden=3"], "unknown option '--hiden'; did you mean '--hidden'?"),
    (["-hidden", "3"], "unknown option '-hidden'; did you mean '--hidden'?"),
    (["--qqqqqq"], "unknown option '--qqqqqq'; --help lists those accepted"),
    (["--hidden"], "--hidden needs a value: --hidden H, a whole number from 1 to 65,536"),
    (["--out", "--json"], "--out needs a value: --out DIR, a text that is not empty"),
    (["--json=yes"], "--json=yes: --json takes no value"),
    (["--json="], "--json='': --json takes no value"),
    (["--hidden", "1", "--hidden=2"], "--hidden is given twice"),
    (["--json", "--json"], "--json is given twice"),
    (["adding", "more"], "unexpected argument 'more'; unroll help sample shows what sample takes"),
    (["ading"], "SUBJECT ading: must be adding or copy; did you mean 'adding'?"),
    ([], "sample needs SUBJECT: adding or copy"),
    (["--hidden", "0"], "--hidden 0: must be a whole number from 1 to 65,536"),
    (["--hidden="], "--hidden '': must be a whole number from 1 to 65,536"),
    (
      ["--hidden", "99999999999999999999"],
      "--hidden 99999999999999999999: must be a whole number from 1 to 65,536"
    ),
    (["--learning-rate", "nan"], "--learning-rate nan: must be a number above 0"),
    (["--momentum", "1"], "--momentum 1: must be a number from 0 to below 1"),
    (
      ["--window", "5:3"],
      "--window 5:3: must be full, K or K1:K2 with whole numbers 1 ≤ K1 ≤ K2 ≤ 1,000,000,000"
    ),
    (["--seed", "-1"], "--seed -1: must be a whole number of at least 0"),
    (
      ["--seed", "9223372036854775808"],
      "--seed 9223372036854775808: must be a whole number of at least 0, at most "
        + "9,223,372,036,854,775,807"
    ),
    (["--l2", "1e-400"], "--l2 1e-400: must be a number of at least 0"),
    (["--learning-rate", "0x1"], "--learning-rate 0x1: must be a number above 0"),
    (["--precision", "half"], "--precision half: must be float or double"),
    (
      ["--cells", "rnn,grux"],
      "--cells rnn,grux: 'grux': must be \(CellSpecification.accepted)"
    ),
  ])
  func mistakesAreOneLine(words: [String], expected: String) {
    do {
      _ = try ArgumentParser.arguments(words)
      Issue.record("accepted \(words)")
    } catch {
      #expect(ErrorMessage.text(for: error) == expected)
      #expect(ErrorMessage.exitStatus(for: error) == .usage)
    }
  }

  @Test func aParsersOwnErrorIsWorded() {
    struct Refusal: WordedError { let message = "no such thing" }
    let option = OptionSpec(
      OptionKey<String>("thing"), .custom(accepted: "a thing") { _ in throw Refusal() }, "T",
      group: .run, "a thing")
    let command = Command(name: "c", summary: "s", options: [option]) { _, _ in .done }
    let text = message { _ = try ArgumentParser(command: command).parse(["--thing", "x"]) }
    #expect(text == "--thing x: no such thing")
  }

  @Test func commandsRejectInTheSameWords() throws {
    let arguments = try ArgumentParser.arguments(["copy", "--length", "3"])
    #expect(
      arguments.rejection(of: "length", accepted: "at least 10 for copy").message
        == "--length 3: must be at least 10 for copy")
    let text = message { _ = try arguments.required(.model) }
    #expect(
      text == "sample needs --model FILE: a file, or a folder with the file model.safetensors")
    #expect(
      UsageError.conflict("resume", "model").message
        == "--resume and --model exclude each other; give one of them")
  }
}
