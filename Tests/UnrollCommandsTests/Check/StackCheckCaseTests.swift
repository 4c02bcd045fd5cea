import DenseMath
import Testing

@testable import UnrollCommands

struct StackCheckCaseTests {
  @Test func everyActivationMeetsBothOptions() {
    #expect(StackCheckCase.all.count == 4 * Activation.samples.count)
    #expect(Set(StackCheckCase.all.map(\.label)).count == StackCheckCase.all.count)
    #expect(Set(StackCheckCase.all.map(\.penalty.name)).count == CheckCase.penalties.count)
  }

  @Test(arguments: StackCheckCase.all.indices) func agrees(_ index: Int) {
    let result = StackCheckCase.all[index].run(seed: 2)
    #expect(result.isOK, "\(result.name): \(result.error) in \(result.worstTensor ?? "all")")
  }
}
