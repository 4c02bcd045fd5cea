import Testing
import UnrollText

@testable import UnrollFigures

@Suite struct ASCIITextTests {
  @Test(arguments: [
    ("η 1e-05", "eta 1e-05"), ("W = 1.5·I", "W = 1.5*I"), ("N(0, 0.2²)", "N(0, 0.2^2)"),
    ("‖∂L/∂h₁‖", "|dL/dh1|"), ("10⁻⁵ and 1.5²⁰", "10^-5 and 1.5^20"),
    ("σ ≥ λ − 1…", "sigma >= lambda - 1..."),
    ("the layer’s “own” ¼ → 3 × Ω", "the layer's \"own\" 1/4 -> 3 x Omega"), ("a ≠ b", "a != b"),
    ("é ŷ ά", "e y alpha"), ("温度 🌡", "?? ?"), ("rnn\n_x^2", "rnn _x^2"),
  ])
  func signsAreSpeltOut(_ text: String, _ plain: String) {
    #expect(ASCIIText.of(GnuplotText.oneLine(text)) == plain)
  }

  @Test func aLongTextLosesItsEnd() {
    #expect(ASCIIText.cut("0123456789", to: 10) == "0123456789")
    #expect(ASCIIText.cut("0123456789", to: 9) == "012345...")
  }

  @Test func aKeyKeepsWhatWasFound() {
    let name = "sigmoid/init=normal:0.5524/batch-norm/residual/and-more-of-the-kind"
    let entry = TerminalKeyEntry(mark: "#", name: name, finding: "layer 1 gets 23.7 × the last's")
    let line = entry.line(columns: 79)
    #expect(line.count == 79)
    #expect(line.hasPrefix("  #  sigmoid/init") && line.contains("..."))
    #expect(line.hasSuffix("of-the-kind: layer 1 gets 23.7 x the last's"))
    #expect(entry.line(columns: 40).count == 40)
    #expect(TerminalKeyEntry(mark: "*", name: "η 50").line(columns: 79) == "  *  eta 50")
  }
}
