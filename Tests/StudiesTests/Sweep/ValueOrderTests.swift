import Testing

@testable import UnrollStudies

struct ValueOrderTests {
  @Test func newValuesComeBehind() {
    #expect(ValueOrder.joined(["a", "c"], ["b"]) == ["a", "c", "b"])
    #expect(ValueOrder.joined(["a", "c"], ["c", "b"]) == ["a", "c", "b"])
    #expect(ValueOrder.joined([String](), ["b", "a"]) == ["b", "a"])
  }

  /// A call that names all of them says their order.
  @Test func aCallThatHasAllOrdersThem() {
    #expect(ValueOrder.joined(["a", "c"], ["c", "b", "a"]) == ["c", "b", "a"])
    let given = ["none", "norm:10", "norm:1"]
    #expect(ValueOrder.joined(numbers: ["none", "norm:10"], given) == given)
    #expect(ValueOrder.joined(numbers: ["norm:10", "none"], given) == given)
  }

  @Test(arguments: [
    (["none", "norm:0.1", "norm:1"], ["norm:0.5"], ["none", "norm:0.1", "norm:0.5", "norm:1"]),
    (["none", "norm:1"], ["norm:2x", "norm:10"], ["none", "norm:1", "norm:2x", "norm:10"]),
    (["none", "norm:1x", "norm:4x"], ["norm:2x"], ["none", "norm:1x", "norm:2x", "norm:4x"]),
    (["20", "full"], ["10", "full"], ["10", "20", "full"]),
    (["5:20", "5:40"], ["5:30", "10:30"], ["5:20", "5:30", "5:40", "10:30"]),
    (["norm:1"], ["none"], ["norm:1", "none"]),
  ])
  func newNumbersStandBeforeLargerOnes(earlier: [String], later: [String], joined: [String]) {
    #expect(ValueOrder.joined(numbers: earlier, later) == joined)
  }
}
