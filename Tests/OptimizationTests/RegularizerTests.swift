import Testing
import UnrollOptimization

@Suite struct RegularizerTests {
  @Test func textsRoundTrip() throws {
    for (text, wanted) in [
      ("none", Regularizer.none), ("omega:4", .omega(4)), ("omega:0.5", .omega(0.5)),
    ] {
      let term = try Regularizer(text)
      #expect(term == wanted && term.description == text)
    }
    #expect(Regularizer.none.factor == 0 && Regularizer.omega(4).factor == 4)
  }

  @Test(arguments: ["", "omega", "omega:", "omega:0", "omega:-1", "omega:nan", "omega:inf", "4"])
  func refuses(text: String) {
    #expect(throws: InvalidSetting(value: text, accepted: Regularizer.accepted)) {
      try Regularizer(text)
    }
  }
}
