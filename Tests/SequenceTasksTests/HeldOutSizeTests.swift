import Testing
import UnrollSequenceTasks

struct HeldOutSizeTests {
  @Test(arguments: [
    ("0.1", HeldOutPart.end(.share(0.1))), ("10%", .end(.share(0.1))), ("5e-2", .end(.share(0.05))),
    ("1", .end(.count(1))), ("200", .end(.count(200))), ("test.npz", .file("test.npz")),
    ("1e3", .end(.count(1_000))), ("1_000", .end(.count(1_000))), ("1e3.npz", .file("1e3.npz")),
    ("./20", .file("./20")), ("50% off", .file("50% off")),
  ])
  func reads(text: String, part: HeldOutPart) { #expect(HeldOutPart(parsing: text) == part) }

  /// Numbers that are neither a share nor a count are no files either.
  @Test(arguments: [
    "", "0", "-3", "1.5", "0.0", "100%", "0%", "-5%", "nan", "inf", "1e10", "1.5e0", "9999999999",
  ])
  func refuses(text: String) { #expect(HeldOutPart(parsing: text) == nil) }

  @Test func sharesAreRoundedDown() {
    #expect(HeldOutSize.share(0.29).count(of: 100) == 29)
    #expect(HeldOutSize.share(0.1).count(of: 30) == 3)
    #expect(HeldOutSize.share(0.1).count(of: 39) == 3)
    #expect(HeldOutSize.share(0.999).count(of: 10) == 9)
    #expect(HeldOutSize.share(0.3).count(of: 0) == 0)
    #expect(HeldOutSize.count(7).count(of: 3) == 7)
  }
}
