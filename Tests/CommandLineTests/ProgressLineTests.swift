import Testing
import UnrollTestSupport

@testable import UnrollCommandLine

struct ProgressLineTests {
  private func run(
    _ test: TestTerminal, label: String = "adding", from first: Int = 0, to last: Int,
    secondsAStep: Double, clipped: (Int) -> Bool = { _ in false }
  ) {
    let clock = TestClock()
    let line = ProgressLine(
      label, firstStep: first, lastStep: last, on: test.terminal, clock: clock.seconds)
    for step in (first + 1)...last {
      clock.advance(by: secondsAStep)
      line.update(step: step, loss: 0.25, gradientNorm: 2, clipped: clipped(step))
    }
  }

  @Test func plainLinesComeAtTenths() {
    let test = TestTerminal()
    run(test, to: 1_000, secondsAStep: 0.0078125) { $0 % 4 == 0 }
    #expect(test.diagnostics.lines.count == 10)
    #expect(
      test.diagnostics.lines.first
        == "adding  100/1,000  10%  loss 0.2500  norm 2.000  clip 25%  128/s  7.0s left")
    #expect(
      test.diagnostics.lines.last
        == "adding  1,000/1,000  100%  loss 0.2500  norm 2.000  clip 25%  128/s  0.00s left")
  }

  @Test func plainLinesComeEveryTenSeconds() {
    let test = TestTerminal()
    run(test, to: 100_000, secondsAStep: 0.015625)
    // 1,562.5 s: a line after each 640 steps, and the marks in between.
    #expect((156...166).contains(test.diagnostics.lines.count))
  }

  @Test(arguments: [1, 3, 7, 10, 19, 8_000])
  func theLastStepAlwaysHasALine(last: Int) {
    let test = TestTerminal()
    run(test, to: last, secondsAStep: 0.0001)
    #expect(test.diagnostics.lines.last?.contains("100%") == true)
    #expect(test.diagnostics.lines.count <= 11)
  }

  @Test func aTerminalSeesTenUpdatesASecond() {
    let test = TestTerminal(isTerminal: true)
    run(test, to: 1_024, secondsAStep: 0.0078125)
    // 8 seconds, an update after each 13 steps.
    #expect(test.diagnostics.count == 1_024 / 13)
    let screen = Screen(test.diagnostics.text)
    #expect(
      screen.text
        == "1,014/1,024  ━━━━━━━━━━─  loss 0.2500  norm 2.000  clip 0%  128/s  0.08s left")
  }

  @Test(arguments: [1, 10, 40, 60, 80, 120, 200], ["C", "C.UTF-8"])
  func theLineFitsAnyWidth(columns: Int, locale: String) {
    let test = TestTerminal(
      isTerminal: true, columns: columns, environment: ["NO_COLOR": "1", "LANG": locale])
    run(test, from: 999_900, to: 1_000_000, secondsAStep: 1)
    let screen = Screen(test.diagnostics.text)
    #expect(screen.lines.count == 1)
    #expect(screen.text.count <= max(1, columns - 1))
    if columns >= 80 { #expect(screen.text.hasSuffix("left")) }
    if locale == "C" { #expect(screen.text.allSatisfy { $0.isASCII }) }
  }

  @Test func theLossIsTheMeanSinceTheLastLine() {
    let test = TestTerminal()
    let clock = TestClock()
    let line = ProgressLine(lastStep: 20, on: test.terminal, clock: clock.seconds)
    for step in 1...4 {
      clock.advance(by: 1)
      line.update(step: step, loss: Double(step), gradientNorm: Double(2 * step), clipped: false)
    }
    #expect(test.diagnostics.lines.count == 2)
    #expect(test.diagnostics.lines[0].contains("loss 1.500  norm 3.000"))
    #expect(test.diagnostics.lines[1].contains("loss 3.500  norm 7.000"))
  }

  @Test func aResumedRunCountsItsOwnSpeed() {
    let test = TestTerminal()
    run(test, from: 900, to: 1_000, secondsAStep: 0.5)
    #expect(test.diagnostics.lines.last?.contains("2.00/s") == true)
  }

  @Test func theValidationLossIsShownOnceKnown() {
    let test = TestTerminal()
    let clock = TestClock()
    let line = ProgressLine(lastStep: 10, on: test.terminal, clock: clock.seconds)
    line.update(step: 1, loss: 1, gradientNorm: 1, clipped: false)
    line.evaluated(validationLoss: 0.125)
    line.update(step: 2, loss: 1, gradientNorm: 1, clipped: false)
    #expect(test.diagnostics.lines.map { $0.contains("validation 0.1250") } == [false, true])
  }

  @Test func quietWritesNothing() {
    let test = TestTerminal(isTerminal: true)
    test.terminal.configure(quiet: true, json: false)
    run(test, to: 100, secondsAStep: 1)
    #expect(test.diagnostics.count == 0)
  }

  @Test func oddNumbersDoNotTrap() {
    let test = TestTerminal()
    let clock = TestClock()
    let line = ProgressLine(firstStep: 5, lastStep: 0, on: test.terminal, clock: clock.seconds)
    for loss in [Double.nan, .infinity, -.infinity, 1e300] {
      clock.advance(by: 20)
      line.update(step: 6, loss: loss, gradientNorm: loss, clipped: true)
    }
    #expect(test.diagnostics.lines.count == 4)
    #expect(test.diagnostics.lines[0].contains("loss nan  norm nan"))
  }

  @Test func barsFill() {
    #expect(ProgressBar.text(done: 0.5, width: 8, unicode: true) == "━━━━────")
    #expect(ProgressBar.text(done: 1, width: 4, unicode: false) == "====")
    #expect(ProgressBar.text(done: .nan, width: 4, unicode: false) == "....")
    #expect(ProgressBar.text(done: 7, width: 2, unicode: false) == "==")
    #expect(ProgressBar.text(done: -1, width: 0, unicode: true) == "")
  }
}
