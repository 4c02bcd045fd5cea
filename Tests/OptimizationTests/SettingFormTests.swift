import Testing
import UnrollDenseMath

@testable import UnrollOptimization

struct SettingFormTests {
  @Test func everyFormReadsBackWhatItMakes() throws {
    for form in Initializer.forms {
      let text = form.number == nil ? form.name : "\(form.name):0.25"
      #expect(try Initializer(parsing: text).description == text)
    }
    for form in Activation.forms {
      let text = form.number == nil ? form.name : "\(form.name):0.25"
      #expect(try Activation(parsing: text).description == text)
    }
    // Each value has a form.
    for activation in Activation.samples {
      #expect(try Activation(parsing: activation.description) == activation)
    }
  }

  @Test func aNameAloneTakesItsStandardNumber() throws {
    #expect(try Initializer(parsing: "identity") == .identity(1))
    #expect(try Activation(parsing: "leaky-relu") == .leakyRelu(slope: 0.01))
    #expect(try Activation(parsing: "elu") == .elu(alpha: 1))
    #expect(try Activation(parsing: "celu") == .celu(alpha: 1))
    #expect(try Activation(parsing: "softplus") == .softplus(beta: 1))
  }

  /// The classes of `torch.nn`, and its functions where they have other names.
  @Test(arguments: [
    ("Identity", Activation.identity), ("Sigmoid", .sigmoid), ("Hardsigmoid", .hardSigmoid),
    ("LogSigmoid", .logSigmoid), ("logsigmoid", .logSigmoid), ("Tanh", .tanh),
    ("Hardtanh", .hardTanh), ("Softsign", .softsign), ("ReLU", .relu), ("ReLU6", .relu6),
    ("LeakyReLU", .leakyRelu(slope: 0.01)), ("leaky_relu:0.2", .leakyRelu(slope: 0.2)),
    ("PReLU", .prelu), ("RReLU", .rrelu), ("ELU", .elu(alpha: 1)), ("SELU", .selu),
    ("CELU:2", .celu(alpha: 2)), ("GELU", .gelu), ("GELU:tanh", .geluTanh), ("SiLU", .silu),
    ("swish", .silu), ("Mish", .mish), ("Softplus:2", .softplus(beta: 2)), ("atan", .arctan),
    ("Scaled_Tanh", .scaledTanh),
  ])
  func activationsAreReadInPyTorchsSpellingToo(text: String, activation: Activation) throws {
    #expect(try Activation(parsing: text) == activation)
  }

  @Test(arguments: [
    ("softsgn", "softsign"), ("leaky-rellu:0.1", "leaky-relu"), ("swihs", "silu"),
    ("hardtahn", "hard-tanh"), ("gleu", "gelu"), ("logsigmiod", "log-sigmoid"),
  ])
  func aMisspeltNameIsAnsweredWithTheNearest(text: String, name: String) {
    let accepted = Activation.accepted + "; did you mean '\(name)'?"
    #expect(throws: InvalidSetting(value: text, accepted: accepted)) {
      try Activation(parsing: text)
    }
  }

  @Test(arguments: ["", "tanh:1", "gelu:1", "maxout", "elu:0", "celu:-1", "softplus:0"])
  func otherActivationsAreRefused(text: String) {
    let error = #expect(throws: InvalidSetting.self) { try Activation(parsing: text) }
    #expect(error?.value == text && error?.accepted.contains("did you mean") == false)
  }

  @Test func aMisspeltInitializerIsAnsweredWithTheNearest() {
    let accepted = Initializer.accepted + "; did you mean 'xavier'?"
    #expect(throws: InvalidSetting(value: "Xavier", accepted: accepted)) {
      try Initializer(parsing: "Xavier")
    }
  }

  @Test(arguments: ["normal", "uniform", "relu:1", "", "xavier:2"])
  func otherTextsAreAnsweredWithAllForms(text: String) {
    #expect(throws: InvalidSetting(value: text, accepted: Initializer.accepted)) {
      try Initializer(parsing: text)
    }
  }

  @Test(arguments: [
    ("normal:-1", "normal:σ with σ ≥ 0"), ("uniform:x", "uniform:b with b ≥ 0"),
    ("identity:nan", "identity:s"),
  ])
  func aNumberThatIsNotAcceptedIsAnsweredWithItsCondition(text: String, accepted: String) {
    #expect(throws: InvalidSetting(value: text, accepted: accepted)) {
      try Initializer(parsing: text)
    }
  }
}
