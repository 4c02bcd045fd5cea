#if os(Linux)
  import Foundation
  import Testing
  import UnrollTestSupport

  @testable import UnrollDenseMath

  /// The program with another library in OpenBLAS's place.
  struct OtherBLASTests {
    /// Runs `words` with a library of C functions that do nothing, called as OpenBLAS's is.
    private func run(_ words: [String], functions: [String]) throws -> BuiltProgram.Outcome {
      let folder = try TemporaryFolder()
      let source = functions.map { "long \($0)(void) { return 0; }\n" }.joined()
      try Data(source.utf8).write(to: URL(filePath: folder.path + "/other.c"))
      let made = try BuiltProgram.shell(
        "clang -shared -fPIC -fno-builtin -o libopenblas.so.0 other.c", in: folder.path,
        environment: [:])
      try #require(made.status == 0, "\(made.errors)")
      return try BuiltProgram.run(words, environment: ["LD_LIBRARY_PATH": folder.path])
    }

    @Test func whatALibraryLacksIsSaid() throws {
      let blas = BLASLibrary.needed.filter { $0.hasPrefix("cblas_") }
      let outcome = try run(["tasks"], functions: blas)
      #expect(outcome.status == 1 && outcome.output.isEmpty)
      #expect(
        outcome.errors.contains(
          "libopenblas.so.0: lacks dgeev_, dgeqrf_, dgesvd_ and dorgqr_; must be OpenBLAS or a library "
            + "with CBLAS and LAPACK; apt-get install libopenblas0"))
      #expect(outcome.errors.split(separator: "\n").count == 1)
    }

    /// What only OpenBLAS has is done without, up to the first product: here by a library of nothing but
    /// names.
    @Test func aLibraryThatIsNotOpenBLASIsNamed() throws {
      let outcome = try run(["info", "--json"], functions: BLASLibrary.needed)
      #expect(outcome.status == 1 && outcome.output.isEmpty)
      #expect(outcome.errors.hasPrefix("unroll: SGEMM of /"), "\(outcome.errors)")
      #expect(
        outcome.errors.contains(
          "libopenblas.so.0, which is not OpenBLAS is wrong on this machine: nan where"))
      #expect(outcome.errors.hasSuffix("; install OpenBLAS\n"))
    }
  }
#endif
