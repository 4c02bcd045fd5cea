import Testing
import UnrollDenseMath
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports
@testable import UnrollStudies
@testable import UnrollTraining

struct BenchReportTests {
  /// The widest rows of the grid, of a step and of a machine that fill every column.
  @Test func theTableFitsEightyColumns() throws {
    guard case .arguments(let arguments) = try ArgumentParser(command: .bench).parse([]) else {
      throw ArgumentParser.UnexpectedHelp()
    }
    let plan = try BenchPlan(arguments)
    let shares = StepShares(
      inputProduct: 0.21, recurrentForward: 0.22, gates: 0.03, recurrentBackward: 0.23,
      weightGradients: 0.2, update: 0.1, rest: 0.01)
    let seconds = plan.entries.map { $0.point.hidden < 100 ? 0.000_123_4 : 1.234 }
    let report = BenchReport(
      plan: plan, peak: MachinePeak(product: 2_000, multiplyAdd: 2_345.6),
      results: zip(plan.entries, seconds).map {
        BenchReport.Result(entry: $0, seconds: $1, shares: shares)
      })
    let test = TestTerminal()
    report.print(on: test.terminal)
    let lines = test.output.lines
    for line in lines { #expect(line.count <= 80, "\(line)") }
    #expect(
      lines[2]
        == "  SGEMM         2,000 GFLOP/s, 2048 × 2048 by BLAS, rows shared by the threads")
    #expect(lines[3] == "  multiply-add  2,346 GFLOP/s on registers alone")
    let header = try #require(lines.firstIndex { $0.contains("T,B,I,H") })
    #expect(lines[header + 1] == "rnn" && lines[header + 8] == "lstm")
    // 2·100·32·32·(2·2 + 3·32) operations in 0.1234 ms.
    #expect(
      lines[header + 2]
        == "     100,32,2,32  0.1234      166    8%  21%  22%     3%  23%  20%     10%    1%")
  }

  @Test func theLargerOfTwoPeaksCounts() {
    let one = MachinePeak(product: 10, multiplyAdd: 40)
    let other = MachinePeak(product: 20, multiplyAdd: 30)
    #expect(one.larger(other) == MachinePeak(product: 20, multiplyAdd: 40))
  }

  /// A product cannot do more than multiply-adds alone, but for what measuring is off by; a debug
  /// build's multiply-adds are compiled without optimization, which leaves a power of ten to test,
  /// and those of poorer kernels than BLAS uses do less by up to the ratio of their vectors, 16.
  /// What else runs on the machine may lower one of them, so the larger of several counts.
  @Test func peaksAreMeasured() {
    #if DEBUG
      let most = 10.0
    #else
      let isBest = CPUFeatures.vectorKernels == CPUFeatures.availableVectorKernels[0]
      let most = isBest ? 3.0 : 48
    #endif
    var peak = MachinePeak.measure(Float.self, threads: 2, size: 256)
    for _ in 0..<20 where peak.product >= most * peak.multiplyAdd {
      peak = peak.larger(MachinePeak.measure(Float.self, threads: 2, size: 256))
    }
    #expect(peak.product > 0.1 && peak.product < most * peak.multiplyAdd)
    #expect(MachinePeak.measure(Double.self, threads: 3, size: 2).product > 0)
  }
}
