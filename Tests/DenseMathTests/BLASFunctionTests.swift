import Foundation
import Testing

@testable import UnrollDenseMath

/// What is asked of the BLAS library.
struct BLASFunctionTests {
  /// Otherwise the loader ends the process at a call, where another library is in OpenBLAS's place.
  @Test func everyFunctionCalledIsLookedFor() throws {
    let top = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let folder = top.appending(path: "Sources/DenseMath")
    var called: Set<String> = []
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where file.hasSuffix(".swift") {
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      for match in text.matches(of: /\b(?:cblas_[sd][a-z]+|d[a-z]+_)(?=\()/) {
        called.insert(String(match.output))
      }
    }
    #expect(called == Set(BLASLibrary.needed))
    #expect(BLASLibrary.needed.count == called.count)
  }

  @Test func openBLASHasThemAll() {
    #expect(BLASLibrary.missingFunctions.isEmpty)
    #expect(BLASLibrary.path.contains("openblas"))
    #expect(BLASLibrary.isOpenBLAS && BLASLibrary.shared.configuration.contains("OpenBLAS"))
  }
}
