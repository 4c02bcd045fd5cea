import Testing
import UnrollOptimization

@testable import UnrollTraining

@Suite struct TruncationTests {
  private func passes(_ text: String, length: Int) throws -> [String] {
    let truncation = try Truncation(parsing: text)
    var result: [String] = []
    while let pass = truncation.window(result.count, of: length) {
      result.append("\(pass.start) \(pass.lossStart) \(pass.end)")
    }
    return result
  }

  /// By hand: window w has the losses of steps w·K1 ..< (w+1)·K1 and starts K2 − K1 steps before.
  @Test func windowsByHand() throws {
    #expect(try passes("full", length: 7) == ["0 0 7"])
    #expect(try passes("3", length: 7) == ["0 0 3", "3 3 6", "6 6 7"])
    #expect(try passes("2:5", length: 7) == ["0 0 2", "0 2 4", "1 4 6", "3 6 7"])
    #expect(try passes("10", length: 7) == ["0 0 7"])
    #expect(try passes("4", length: 4) == ["0 0 4"])
  }

  @Test(arguments: 1...7, 1...9) func everyStepsLossIsTakenOnce(_ period: Int, extra: Int) {
    let truncation = Truncation.windows(period: period, depth: period + extra - 1)
    for length in 1...20 {
      var next = 0
      var index = 0
      while let pass = truncation.window(index, of: length) {
        #expect(pass.lossStart == next && pass.end > next && pass.start <= next)
        #expect(pass.end - pass.start <= truncation.capacity(for: length))
        next = pass.end
        index += 1
      }
      #expect(next == length)
    }
  }

  /// The window whose losses the step's is among starts that many steps before.
  @Test(arguments: ["full", "1", "4", "2:5", "1:9"])
  func aLossReachesBackToItsWindowsStart(_ text: String) throws {
    let truncation = try Truncation(parsing: text)
    var index = 0
    while let pass = truncation.window(index, of: 20) {
      for step in pass.lossSteps {
        #expect(truncation.reach(ofLossAt: step) == step - pass.start, "step \(step)")
      }
      index += 1
    }
    #expect(index > 0)
  }

  @Test(arguments: ["", "0", "5:3", "-1", "1:2:3", "a", "3:", ":3", "1.5", "99999999999999999999"])
  func whatIsNoWindowIsRefused(_ text: String) {
    #expect(throws: InvalidSetting.self) { try Truncation(parsing: text) }
  }

  @Test func textReadsBack() throws {
    for text in ["full", "7", "3:9"] { #expect(try "\(Truncation(parsing: text))" == text) }
  }
}
