import Optimisation
import Testing

@Suite struct RegulariserTests {
  @Test func textsRoundTrip() throws {
    for (text, wanted) in [
      ("none", Regulariser.none), ("omega:4", .omega(4)), ("omega:0.5", .omega(0.5)),
    ] {
      let term = try Regulariser(text)
      #expect(term == wanted && term.description == text)
    }
    #expect(Regulariser.none.factor == 0 && Regulariser.omega(4).factor == 4)
  }

  @Test(arguments: ["", "omega", "omega:", "omega:0", "omega:-1", "omega:nan", "omega:inf", "4"])
  func refuses(text: String) {
    #expect(throws: InvalidSetting(value: text, accepted: Regulariser.accepted)) {
      try Regulariser(text)
    }
  }
}
