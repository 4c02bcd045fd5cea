import Testing

@testable import UnrollReports

/// What a layer receives of another's gradient, in words.
struct DepthShareTests {
  @Test(arguments: [
    (0, "nothing of it"), (5.6e-13, "5.6e-13 of it"), (0.0009, "9.0e-04 of it"),
    (0.23, "23% of it"),
    (1.04, "104% of it"), (2, "2.000 times it"), (201.2, "201.2 times it"),
    (8.2e10, "8.200e+10 times it"),
    (.infinity, "inf times it"),
  ])
  func sharesAreWorded(value: Double, text: String) {
    #expect(DepthReport.share(value, of: "it") == text)
  }
}
