import Foundation
import Testing
import UnrollDenseMath
import UnrollFileFormats

@testable import UnrollCommands
@testable import UnrollStudies

/// Through the built program, because OpenBLAS chooses its kernels while a program is loaded.
struct InfoCommandTests {
  private func info(
    _ environment: [String: String] = [:], launcher: [String] = []
  ) throws -> JSONValue {
    let outcome = try BuiltProgram.run(
      ["info", "--json"], launcher: launcher, environment: environment)
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try JSONValue(parsing: Data(outcome.output.utf8))
  }

  @Test(.enabled(if: CPUFeatures.current.avx2), arguments: ["Prescott", "Haswell"])
  func theUsersChoiceWins(kernels: String) throws {
    let machine = try info(["OPENBLAS_CORETYPE": kernels])
    #expect(machine["blas_kernels"]?.string == kernels)
    #expect(
      machine["blas_reason"]?.string == "asked for by OPENBLAS_CORETYPE in the environment")
  }

  @Test func withoutOneTheBestKernelsAreInUse() throws {
    // Empty is as good as not set.
    let machine = try info(["OPENBLAS_CORETYPE": ""])
    let kernels = try #require(machine["blas_kernels"]?.string?.lowercased())
    let features = CPUFeatures.current
    if features.avx512 {
      #expect(["skylakex", "cooperlake", "sapphirerapids"].contains(kernels))
    } else if features.avx2 {
      #expect(["haswell", "zen", "excavator"].contains(kernels))
    }
    #expect(machine["vector_kernels"]?.string == CPUFeatures.vectorKernels)
    #expect((machine["dgemm_gflops"]?.double ?? 0) > 0 && machine["version"]?.string != nil)
  }

  @Test(arguments: CPUFeatures.availableVectorKernels)
  func vectorKernelsCanBeAskedFor(name: String) throws {
    #expect(try info(["UNROLL_KERNELS": name])["vector_kernels"]?.string == name)
  }

  @Test func vectorKernelsThatTheCPULacksAreRefused() throws {
    let outcome = try BuiltProgram.run(["info"], environment: ["UNROLL_KERNELS": "avx1024"])
    #expect(outcome.status == 2 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("UNROLL_KERNELS avx1024: must be one of"))
    #expect(outcome.errors.contains("portable"))
  }

  private static let taskset = "/usr/bin/taskset"

  /// util-linux's taskset sets the affinity of the program that it starts.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: taskset)))
  func onlyTheCoresOfTheProcessCount() throws {
    #expect(try info()["threads"]?.int == Workers.availableCores)
    // A core that this process may use, which need not be the machine's first.
    let allowed = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
      .split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
    let core = try #require(allowed?.split(whereSeparator: { !$0.isNumber }).first)
    let launcher = [Self.taskset, "-c", String(core)]
    #expect(try info(launcher: launcher)["threads"]?.int == 1)
    let help = try BuiltProgram.run(["help", "train"], launcher: launcher, environment: [:])
    #expect(help.output.contains("worker threads (default: 1, the cores this process"))
    let pinned = try BuiltProgram.run(["info"], launcher: launcher, environment: [:])
    #expect(pinned.output.contains("1, the number of cores this process may use"))
  }

  @Test func peopleReadLines() throws {
    let outcome = try BuiltProgram.run(["info"], environment: ["PATH": "/nowhere"])
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.hasPrefix("unroll \(Version.current)\n"))
    for label in ["CPU", "BLAS kernels", "vector kernels", "SGEMM", "gnuplot  ", "not found"] {
      #expect(outcome.output.contains(label), "\(label)")
    }
  }
}
