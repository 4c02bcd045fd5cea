import Testing
import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollTraining

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollStudies

/// The options whose forms belong to other modules: that they are read by them, and that what is
/// refused says what is accepted. The forms themselves are tested where they are defined.
struct OptionSettingsTests {
  private func value<Value>(
    _ form: OptionForm<Value>, _ text: String, as: Value.Type
  ) throws -> Value? {
    guard case .custom(let value, text)? = try form.kind.value(from: text) else { return nil }
    return value as? Value
  }

  @Test func eachIsReadAsItsOwnType() throws {
    #expect(try value(.clipping, "value:2e-3", as: Clipping.self) == .value(2e-3))
    #expect(try value(.clipping, "0.5", as: Clipping.self) == .norm(0.5))
    let window = try value(.window, "3:5", as: Truncation.self)
    #expect(window == .windows(period: 3, depth: 5))
    #expect(try value(.recompute, "every:7", as: Recompute.self) == .every(7))
    #expect(try value(.activation, "elu:2", as: Activation.self) == .elu(alpha: 2))
    #expect(try value(.initializer, "normal:0.1", as: Initializer.self) == .normal(0.1))
    let cell = try value(.cell, "lstm/forget-bias=none", as: CellSpecification.self)
    #expect(cell?.kind == .lstm && cell?.forgetBias == nil)
    #expect(try value(.forgetBias, "-1.5", as: String.self) == "-1.5")
    #expect(try value(.forgetBias, "none", as: String.self) == "none")
  }

  @Test func listsAreReadElementByElement() throws {
    #expect(
      try value(.thresholds, "none,1,agc:0.01,0.5x", as: [ClipThreshold].self)
        == [.rule(.none), .rule(.norm(1)), .rule(.agc(0.01)), .meanNorms(0.5)])
    #expect(try value(.windows, "full,7", as: [Truncation].self)?.count == 2)
    let cells = try value(
      .cells, "rnn,rnn/activation=relu/init=identity:1", as: [CellSpecification].self)
    #expect(cells?.map(\.activation) == [.tanh, .relu])
  }

  @Test(arguments: [
    ("clip", "norm:-1"), ("clip", "norm:0"), ("clip", "norm:nan"), ("clip", "max:1"),
    ("clip", "norm:1:2"), ("clip", ""), ("clip", "2x"), ("clip", "auto:101"), ("thresholds", "0x"),
    ("thresholds", "x"),
    ("thresholds", "value:2x"), ("thresholds", "none,,1"), ("thresholds", "1,"),
    ("window", "5:3"), ("window", "0"), ("window", "-1"), ("window", "1:2:3"), ("window", "1.5"),
    ("window", "99999999999999999999"), ("windows", "full,5:3"),
    ("recompute", "every"), ("recompute", "every:1000000001"), ("recompute", "memory:GB"),
    ("activation", "softmax"), ("activation", "celu:0"),
    ("activation", "elu:0"), ("init", "identity:inf"), ("init", "normal:-1"), ("cell", "grux"),
    ("cell", "rnn/"), ("cell", "lstm/activation=relu"), ("cell", "rnn/init=he/init=he"),
    ("cells", "rnn,,lstm"), ("forget-bias", "one"), ("forget-bias", "nan"),
  ])
  func whatIsRefusedNamesTheOptionAndTheValue(name: String, text: String) {
    let message = message { _ = try ArgumentParser.arguments(["copy", "--\(name)", text]) }
    let shown = text.isEmpty ? "''" : text
    #expect(message?.hasPrefix("--\(name) \(shown): ") == true, "\(message ?? "accepted")")
    #expect(message?.contains("must be ") == true, "\(message ?? "accepted")")
  }
}
