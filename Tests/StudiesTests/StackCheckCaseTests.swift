import Testing
import UnrollFeedForward

@testable import UnrollStudies

struct StackCheckCaseTests {
  @Test func everyFunctionMeetsBothOptions() {
    #expect(FeedForwardCheckCase.all.count == 4 * LayerFunction.samples.count)
    #expect(Set(FeedForwardCheckCase.all.map(\.label)).count == FeedForwardCheckCase.all.count)
    #expect(Set(FeedForwardCheckCase.all.map(\.penalty.name)).count == CheckCase.penalties.count)
  }

  @Test(arguments: FeedForwardCheckCase.all.indices) func agrees(_ index: Int) {
    let result = FeedForwardCheckCase.all[index].run(seed: 2)
    #expect(result.isOK, "\(result.name): \(result.error) in \(result.worstTensor ?? "all")")
  }
}
