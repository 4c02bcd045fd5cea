import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands

struct VariationTests {
  /// The same settings have the same text, however they are written.
  @Test(arguments: [
    ("learning-rate=1e-3,0.003", ["0.001", "0.003"]),
    ("clip=none,1,2x,value:1e1", ["none", "norm:1", "norm:2x", "value:10"]),
    ("cell=lstm, rnn/init=identity:1", ["lstm", "rnn/init=identity:1"]),
    ("window=full,20,5:20", ["full", "20", "5:20"]), ("shuffle=true,false", ["true", "false"]),
    ("task=adding,copy", ["adding", "copy"]),
    (#"file="/a,b.csv",/c.csv"#, ["/a,b.csv", "/c.csv"]),
    ("forget-bias=none,1", ["none", "1"]), ("batch=1", ["1"]),
  ])
  func valuesAreRead(text: String, values: [String]) throws {
    let variation = try Variation(text)
    #expect(variation.values == values)
    #expect(try Variation(variation.text).values == values)
  }

  @Test func pathsBeginAtTheRoot() throws {
    #expect(try Variation("file=a.txt").values[0].hasPrefix("/"))
  }

  @Test(arguments: [
    ("learning-rate", "--vary learning-rate: must be an option and its values"),
    ("=1", "--vary =1: must be an option and its values"),
    ("lerning-rate=1", "train has no such option; did you mean 'learning-rate'?"),
    ("seed=1,2", "seeds are counted: --seeds N"),
    ("out=a", "--vary out: a sweep has one folder"),
    ("learning-rate=1e-3,", "--vary learning-rate: value 2 is empty"),
    ("learning-rate=", "--vary learning-rate: value 1 is empty"),
    ("clip=1,none,norm:1.0", "--vary clip: value 3 is value 1 again, norm:1"),
    (
      "learning-rate=1e-3,abc",
      "--vary learning-rate: value 2: --learning-rate abc: must be a number"
    ),
    ("clip=1,norm:x", "--vary clip: value 2: --clip norm:x: must be"),
    (#"file="a"#, "a quote is not closed"),
  ])
  func whatIsNoListOfValuesIsRefused(text: String, said: String) {
    let error = #expect(throws: VariationError.self) { try Variation(text) }
    #expect(error?.message.contains(said) == true, "\(error?.message ?? "")")
  }

  /// A sweep may vary whatever train takes, but what has a place of its own.
  @Test func everyOptionOfTrainIsVariedOrSaysWhyNot() {
    for spec in Command.train.arguments + Command.train.options {
      do throws(VariedOptionError) {
        _ = try VariedOption(spec.name)
        #expect(
          spec.isArgument || Command.sweep.options.contains { $0.name == spec.name }, "\(spec.name)"
        )
      } catch {
        guard case .fixed(spec.name, let reason) = error, !reason.isEmpty else {
          Issue.record("\(error)")
          continue
        }
      }
    }
  }
}
