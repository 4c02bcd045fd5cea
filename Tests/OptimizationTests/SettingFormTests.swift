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
  }

  @Test(arguments: ["normal", "uniform", "relu:1", "", "xavier:2", "Xavier"])
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
