import Foundation
import Testing
import UnrollFileFormats
import UnrollTestSupport

#if os(Linux)
  /// The program on machines that refuse it something, or compute wrongly: one line, and an end.
  struct FaultyMachineTests {
    private static let compiler = ["/usr/bin/cc", "/usr/bin/clang", "/usr/bin/gcc"].first {
      FileManager.default.isExecutableFile(atPath: $0)
    }

    /// Expects one line on stderr that has all of `parts`, and `status`.
    private func expectOneLine(
      _ outcome: BuiltProgram.Outcome, status: Int32 = 1, saying parts: [String],
      sourceLocation: SourceLocation = #_sourceLocation
    ) {
      let lines = outcome.errors.split(separator: "\n")
      #expect(
        outcome.status == status && lines.count == 1 && outcome.output.isEmpty,
        "\(outcome.status): \(outcome.output)\(outcome.errors)", sourceLocation: sourceLocation)
      for part in ["unroll: "] + parts {
        #expect(
          outcome.errors.contains(part), "\(part): \(outcome.errors)",
          sourceLocation: sourceLocation)
      }
    }

    /// Runs the program with functions of a library replaced by those of `source`.
    private func run(
      _ words: [String], replacing source: String, environment: [String: String] = [:]
    ) throws -> BuiltProgram.Outcome {
      let scratch = try TemporaryFolder()
      let file = try scratch.file("replaced.c", "#define _GNU_SOURCE\n" + source)
      let compiler = Process()
      compiler.executableURL = URL(filePath: try #require(Self.compiler))
      compiler.arguments = ["-shared", "-fPIC", "-O1", file, "-o", scratch("replaced.so"), "-ldl"]
      try compiler.run()
      compiler.waitUntilExit()
      try #require(compiler.terminationStatus == 0)
      let preloaded = ["LD_PRELOAD": scratch("replaced.so")].merging(environment) { $1 }
      return try BuiltProgram.run(words, environment: preloaded)
    }

    private static func gemm(_ name: String, _ element: String, _ fault: String) -> String {
      """
      #include <dlfcn.h>
      typedef void gemm(int, int, int, int, int, int, \(element), const void *, int, const void *,
                        int, \(element), \(element) *, int);
      void \(name)(int order, int ta, int tb, int m, int n, int k, \(element) alpha, const void *a,
                   int lda, const void *b, int ldb, \(element) beta, \(element) *c, int ldc) {
        gemm *right = (gemm *)dlsym(RTLD_NEXT, "\(name)");
        right(order, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
        \(fault)
      }
      """
    }

    @Test(
      .enabled(if: compiler != nil),
      arguments: [("cblas_sgemm", "float", "SGEMM"), ("cblas_dgemm", "double", "DGEMM")])
    func aWrongProductIsNamed(_ function: String, element: String, name: String) throws {
      // One element of many, by 1%.
      let source = Self.gemm(function, element, "if (m > 7) c[7 * ldc + 3] *= 1.01;")
      expectOneLine(
        try run(["train", "adding", "--steps", "1"], replacing: source),
        saying: ["\(name) of the kernels ", "is wrong on this machine", "OPENBLAS_CORETYPE"])
      // What computes nothing needs no arithmetic.
      #expect(try run(["cells"], replacing: source).status == 0)
    }

    @Test(.enabled(if: compiler != nil)) func aCrashingLibraryIsNamed() throws {
      for fault in ["__builtin_trap();", "*(volatile int *)0 = 1;"] {
        expectOneLine(
          try run(["info"], replacing: Self.gemm("cblas_sgemm", "float", fault)),
          saying: ["crash on this machine", "install another BLAS library"])
      }
    }

    private static let lacksFMA4 =
      (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)).map {
        $0.contains(" avx2 ") && !$0.contains(" fma4 ")
      } ?? false

    /// OpenBLAS takes what it is told to, also on a CPU that lacks the instructions.
    @Test(.enabled(if: lacksFMA4), arguments: ["Bulldozer", "Piledriver"])
    func kernelsThatTheCPUCannotRunAreNamed(kernels: String) throws {
      let outcome = try BuiltProgram.run(
        ["info", "--json"], environment: ["OPENBLAS_CORETYPE": kernels])
      // A build of OpenBLAS without them takes others.
      if outcome.status == 0 {
        let machine = try JSONValue(parsing: Data(outcome.output.utf8))
        #expect(try #require(machine["blas_kernels"]?.string) != kernels)
        return
      }
      expectOneLine(
        outcome,
        saying: [
          "kernels \(kernels)", "chosen by OPENBLAS_CORETYPE=\(kernels)", "crash",
          "unset OPENBLAS_CORETYPE", "Haswell",
        ])
    }

    /// The stack's size tells our threads from those of libraries.
    @Test(.enabled(if: compiler != nil && !isSanitized))
    func aThreadThatCannotStartIsNamed() throws {
      let source = """
        #include <dlfcn.h>
        #include <errno.h>
        #include <pthread.h>
        int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                           void *(*body)(void *), void *argument) {
          size_t size = 0;
          if (attributes) pthread_attr_getstacksize(attributes, &size);
          if (size == 8 << 20) return EAGAIN;
          int (*right)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) =
              dlsym(RTLD_NEXT, "pthread_create");
          return right(thread, attributes, body, argument);
        }
        """
      let words = ["train", "adding", "--steps", "1", "--threads", "2", "--quiet"]
      let outcome = try run(words, replacing: source)
      #expect(outcome.status == 1 && outcome.errors.contains("thread 2 of 2 cannot be started"))
      #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    }

    private func limited(_ limit: String, _ words: String) throws -> BuiltProgram.Outcome {
      let workspace = try Workspace()
      return try BuiltProgram.shell(
        "\(limit) && exec '\(BuiltProgram.url.path)' \(words)", in: workspace.path,
        environment: ["OPENBLAS_NUM_THREADS": "1"])
    }

    @Test(arguments: [4, 7, 10]) func fewDescriptorsAreOneLine(count: Int) throws {
      for words in ["info", "train adding --steps 1 --quiet"] {
        expectOneLine(
          try limited("ulimit -n \(count)", words), saying: ["can be opened, and 16 are needed"])
      }
    }

    /// Enough for the program and its libraries, but not for OpenBLAS's buffers.
    @Test(.enabled(if: !isSanitized)) func tooLittleAddressSpaceIsOneLine() throws {
      expectOneLine(
        try limited("ulimit -v 200000", "info"), saying: ["BLAS needs", "ulimit -v leaves"])
      expectOneLine(
        try limited("ulimit -v 700000", "train adding --steps 1 --threads 8 --quiet"),
        saying: ["BLAS needs", "each of 8 threads", "fewer threads"])
    }

    /// A control group of memory that this user may make, and the file of its limit: of version 2, or of 1.
    private static let group: (folder: String, limit: String)? = {
      for (top, limit) in [
        ("/sys/fs/cgroup", "memory.max"), ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"),
      ] {
        let folder = "\(top)/unroll-test-\(getpid())"
        guard mkdir(folder, 0o700) == 0 else { continue }
        defer { rmdir(folder) }
        if access("\(folder)/\(limit)", W_OK) == 0 { return (folder, limit) }
      }
      return nil
    }()

    @Test(.enabled(if: group != nil && !isSanitized)) func aControlGroupsLimitCounts() throws {
      let (folder, limit) = try #require(Self.group)
      let workspace = try Workspace()
      let outcome = try BuiltProgram.shell(
        """
        mkdir \(folder) && echo 600000000 > \(folder)/\(limit) || exit 9
        sh -c "echo \\$\\$ > \(folder)/cgroup.procs && exec '\(BuiltProgram.url.path)' info --json"
        status=$?
        rmdir \(folder)
        exit $status
        """, in: workspace.path, environment: [:])
      try #require(outcome.status == 0, "\(outcome.errors)")
      let machine = try JSONValue(parsing: Data(outcome.output.utf8))
      // In whole pages.
      #expect(abs(try #require(machine["memory_bytes"]?.int) - 600_000_000) <= 1 << 16)
    }

    @Test(.enabled(if: !isSanitized)) func limitsCountAsTheMachinesMemory() throws {
      let outcome = try limited("ulimit -v 2000000", "info --json")
      try #require(outcome.status == 0, "\(outcome.errors)")
      let machine = try JSONValue(parsing: Data(outcome.output.utf8))
      let bytes = try #require(machine["memory_bytes"]?.int)
      #expect(bytes > 100_000_000 && bytes < 2_048_000_000)
      expectOneLine(
        try limited(
          "ulimit -v 2000000",
          "train adding --length 10 --batch 2 --hidden 16384 --steps 1 --threads 1"),
        status: 2, saying: ["GB of memory and ulimit -v leaves", "smaller --hidden"])
    }
  }
#endif
