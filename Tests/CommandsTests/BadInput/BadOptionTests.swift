import Testing
import UnrollDenseMath

@testable import UnrollCommandLine
@testable import UnrollCommands

/// What `unroll train` refuses on the command line: status 2, one line that names the value and what
/// is accepted, and nothing written.
struct BadOptionTests {
  @Test(arguments: [
    (["adding", "--hidden", "0"], ["--hidden 0", "from 1 to 65,536"]),
    (
      ["adding", "--clip", "norm:-1"],
      ["--clip norm:-1", "must be norm:τ with τ > 0"]
    ),
    (
      ["adding", "--clip", "auto:101"], ["--clip auto:101", "must be auto:p with 0 ≤ p ≤ 100"]
    ),
    (["adding", "--clip", "2x"], ["--clip 2x", "sweep --vary clip=2x"]),
    (["adding", "--window", "5:3"], ["--window 5:3", "K1:K2 with whole numbers 1 ≤ K1 ≤ K2"]),
    (
      ["adding", "--recompute", "every:0"], ["--recompute every:0", "every:N with a whole number"]
    ),
    (["adding", "--recompute", "memory:1"], ["--recompute memory:1:", "memory:1.5GB"]),
    (["adding", "--recompute", "memory:1XB"], ["--recompute memory:1XB", "KB, MB, GB, TB, KiB"]),
    (
      ["adding", "--recompute", "memory:100KB"],
      ["--recompute memory:100KB is too little", "accepted is memory:", "MB or more"]
    ),
    (["adding", "--learning-rate", "0"], ["--learning-rate 0", "above 0"]),
    (
      ["adding", "--learning-rate", "1e-50"],
      ["--learning-rate 1e-50", "at least 1e-45 with --precision float"]
    ),
    (["adding", "--checkpoint-every", "1e19"], ["--checkpoint-every 1e19", "at most 1000000"]),
    (["adding", "--steps", "-1"], ["--steps -1", "from 0 to"]),
    (["adding", "--steps", "1.5e0"], ["--steps 1.5e0", "a whole number"]),
    (["adding", "--steps", "1,000"], ["--steps 1,000", "a whole number"]),
    (["adding", "--steps", "1e30"], ["--steps 1e30", "a whole number"]),
    (["adding", "--cell", "RNNN"], ["--cell", "rnn"]),
    (["adding", "--seed", "99999999999999999999"], ["--seed 99999999999999999999", "at least 0"]),
    (["adding", "--momentum", "1"], ["--momentum 1", "from 0 to below 1"]),
    (["adding", "--regularize", "omega:1"], ["--regularize omega:1", "none with the cell lstm"]),
    (
      ["adding", "--cell", "rnn", "--regularize", "omega:0"],
      ["--regularize omega:0", "none or omega:α with α > 0"]
    ),
    (["adding", "--optimizer", "adams"], ["--optimizer adams", "sgd, momentum", "'adam'"]),
    (
      ["adding", "--activation", "sofsign"],
      ["--activation sofsign", "hard-tanh, softsign", "; did you mean 'softsign'?"]
    ),
    (["adding", "--activation", "swihs"], ["; did you mean 'silu'?"]),
    (["adding", "--cell", "rnn/activation=Hardtahn"], ["; did you mean 'hard-tanh'?"]),
    (["adding", "--init", "kaiming"], ["--init kaiming", "pytorch, xavier"]),
    (["adding", "--cell", "lstn"], ["--cell lstn", "rnn", "lstm"]),
    (["adding", "--cell", "rnn/width=3"], ["--cell rnn/width=3", "rnn[/activation=…][/init=…]"]),
    (["adding", "--cell", "gru/forget-bias=1"], ["--cell gru/forget-bias=1", "gru[/init=…]"]),
    (["adding", "--cell", "lstm", "--activation", "relu"], ["--activation relu", "rnn"]),
    (["adding", "--file", "x.txt"], ["--file x.txt", "text, series"]),
    (["ading"], ["TASK ading", "temporal-order", "did you mean 'adding'?"]),
    (["text"], ["'text' needs --file"]),
    (["series"], ["'series' needs --file"]),
    (["arrays"], ["'arrays' needs --inputs"]),
    (["adding", "--hiden", "3"], ["unknown option '--hiden'", "'--hidden'"]),
    (["adding", "copy"], ["unexpected argument 'copy'", "unroll help train"]),
    (["adding", "--length", "1"], ["--length 1", "'adding'", "from 2 on"]),
    (["copy", "--length", "0"], ["--length 0", "from 1 to"]),
    (["temporal-order", "--length", "1"], ["--length 1", "'temporal-order'"]),
  ])
  func isRefused(words: [String], parts: [String]) throws {
    let workspace = try Workspace()
    workspace.expectRefusal(
      ["train"] + words + ["--out", workspace("out")], .usage, saying: parts)
  }

  @Test func anUnknownCommandIsAnsweredWithTheNearest() throws {
    let workspace = try Workspace()
    workspace.expectRefusal(
      ["trian", "adding"], .usage, saying: ["unknown command 'trian'", "did you mean 'train'?"])
    for later in ["targets"] {
      workspace.expectRefusal([later], .usage, saying: ["unknown command '\(later)'"])
    }
  }

  /// Refused before anything is allocated, whatever the machine.
  @Test(arguments: [
    ["adding", "--hidden", "65536", "--layers", "64"],
    ["adding", "--hidden", "65536", "--layers", "64", "--precision", "double"],
    ["adding", "--length", "1000000", "--batch", "65536"],
    ["copy", "--length", "1000000", "--batch", "65536", "--hidden", "65536", "--layers", "64"],
    // The windows take far less than norms of whole sequences.
    [
      "adding", "--length", "1000000", "--batch", "10000", "--window", "10", "--hidden", "4",
      "--watch-decay", "1",
    ],
  ])
  func sizesBeyondTheMachineAreRefused(words: [String]) throws {
    let workspace = try Workspace()
    workspace.expectRefusal(
      ["train"] + words + ["--out", workspace("out")], .usage,
      saying: ["GB of memory and \(AvailableMemory.present.holder) ", "smaller --hidden"])
  }

  @Test func aStreamNeedsAWindow() throws {
    let workspace = try Workspace()
    let text = try workspace.file("a.txt", String(repeating: "abcd ", count: 100))
    workspace.expectRefusal(
      ["train", "text", "--file", text, "--window", "full", "--out", workspace("out")], .usage,
      saying: ["--window full", "must be K or K1:K2"])
  }
}
