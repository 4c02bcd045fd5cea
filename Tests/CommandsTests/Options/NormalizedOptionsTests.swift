import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands

/// Names in any letters, and whole numbers as people write them: accepted, and recorded in one way.
struct NormalizedOptionsTests {
  /// Every choice of every command is read in capitals.
  @Test(arguments: CommandTable.all.commands.map(\.name))
  func choicesAreReadInAnyLetters(name: String) throws {
    let command = try CommandTable.all.command(named: name)
    for spec in command.options + command.arguments {
      guard case .choice(let names) = spec.kind else { continue }
      for name in names {
        guard case .text(name)? = try spec.kind.value(from: name.uppercased()) else {
          Issue.record("\(spec.label) \(name.uppercased())")
          continue
        }
      }
    }
  }

  @Test(arguments: [
    ("cell", "RNN/Activation=ReLU/init=Identity:1", "rnn/activation=relu/init=identity:1"),
    ("cells", "RNN,lstm/Forget-Bias=None", "rnn,lstm/forget-bias=none"),
    ("activation", "Leaky-ReLU:1E-2", "leaky-relu:1e-2"), ("activation", "LeakyReLU", "leaky-relu"),
    ("activation", "Swish", "silu"),
    ("cell", "RNN/activation=Hardtanh", "rnn/activation=hard-tanh"),
    ("cells", "rnn/init=he/activation=GELU:tanh,gru", "rnn/init=he/activation=gelu:tanh,gru"),
    ("stacks", "LogSigmoid/Residual,SiLU", "log-sigmoid/residual,silu"),
    ("init", "Xavier", "xavier"),
    ("stacks", "ReLU/Init=He/Batch-Norm", "relu/init=he/batch-norm"), ("clip", "Norm:1", "norm:1"),
    ("clip", "None", "none"), ("thresholds", "NONE,2X,Auto:10", "none,2x,auto:10"),
    ("window", "Full", "full"), ("window", "1e1:2e1", "10:20"), ("window", "1_000", "1000"),
    ("windows", "FULL, 1e1:50", "full,10:50"), ("recompute", "Every:1e3", "every:1000"),
    ("recompute", "Auto", "auto"), ("recompute", "MEMORY:1.5GiB", "memory:1.5GiB"),
    ("regularize", "Omega:2", "omega:2"), ("forget-bias", "None", "none"),
    ("optimizer", "AdamW", "adamw"), ("task", "ADDING", "ADDING"), ("hidden", "1e2", "100"),
    ("truncation", "1,1e1,1_00", "1,10,100"), ("kernels", "PORTABLE", "Nehalem/portable"),
    ("column", "Load", "Load"),
  ])
  func oneTextForEachSetting(name: String, written: String, text: String) throws {
    let spec = OptionTable.row(name)
    let entry = try Arguments.Entry(spec, written, .commandLine)
    #expect(entry.text == text)
    let same = try Arguments.Entry(spec, text, .commandLine).value
    #expect(entry.value.means(same) && entry.value.recorded == same.recorded)
  }

  /// An error shows the text as it was given.
  @Test(arguments: [("cell", "GRUX"), ("clip", "Norm"), ("window", "1E1:X"), ("kernels", "Sse")])
  func errorsShowWhatWasGiven(name: String, text: String) {
    #expect {
      try Arguments.Entry(OptionTable.row(name), text, .commandLine)
    } throws: {
      let message = ErrorMessage.text(for: $0)
      return message.hasPrefix("--\(name) \(text): must be")
    }
  }

  /// Where an option names a file, shells offer files.
  @Test func everyPathIsOffered() {
    for command in CommandTable.all.commands {
      for spec in command.options + command.arguments where spec.isPath {
        #expect(spec.suggestions.paths != nil, "\(command.name) \(spec.label)")
      }
    }
  }

  /// Numbers that are not whole, or that a comma makes two of, are refused with the text as given.
  @Test(arguments: ["1.5e0", "1,000", "1e-1", "1e30", "2.0", "1__0"])
  func otherNumbersAreRefused(text: String) {
    #expect {
      try Arguments.Entry(OptionTable.row("hidden"), text, .commandLine)
    } throws: {
      ErrorMessage.text(for: $0).hasPrefix("--hidden \(text): must be a whole number")
    }
  }

  /// The files of a run have the names of the tables, and replay.
  @Test func filesHaveOneForm() throws {
    let runs = try TemporaryRuns()
    let outcome = runs.run([
      "train", "Adding", "--cell", "RNN/activation=ReLU", "--optimizer", "Adam", "--hidden", "4e0",
      "--steps", "1e1", "--length", "1_0", "--clip", "Norm:1", "--json", "--quiet", "--out",
      runs.path("run"),
    ])
    #expect(outcome.status == .done, "\(outcome.errors)")
    let options = try JSONValue(parsing: Data(runs.text("run/config.json").utf8))["options"]
    #expect(options?["task"] == "adding" && options?["optimizer"] == "adam")
    #expect(options?["cell"] == "rnn/activation=relu" && options?["clip"] == "norm:1")
    #expect(
      options?["steps"] == JSONValue.integer(10) && options?["length"] == JSONValue.integer(10))
    let plain = runs.run([
      "train", "adding", "--cell", "rnn/activation=relu", "--optimizer", "adam", "--hidden", "4",
      "--steps", "10", "--length", "10", "--clip", "norm:1", "--json", "--quiet", "--out",
      runs.path("plain"),
    ])
    #expect(plain.json["validation_loss"] == outcome.json["validation_loss"])
    #expect(plain.json["cell"] == outcome.json["cell"])
  }

  /// Curves are labelled alike, however the cells were written.
  @Test func labelsHaveOneForm() throws {
    let runs = try TemporaryRuns()
    let outcome = runs.run([
      "decay", "--cells", "RNN,Lstm/Init=Xavier", "--length", "8", "--hidden", "4", "--batch", "2",
      "--json", "--quiet", "--out", runs.path("run"),
    ])
    let labels = Set((outcome.json["curves"]?.array ?? []).compactMap { $0["label"]?.string })
    #expect(labels == ["rnn", "lstm/init=xavier"])
  }
}
