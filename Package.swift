// swift-tools-version: 6.2
import PackageDescription

/// A library module: its name carries the family's prefix, so that a dependant's own names stay free,
/// and its folder does not.
func module(
  _ name: String, imports: [String] = [], c: [String] = [], mayUseMPI: Bool = false,
  embeds files: [String] = []
) -> Target {
  .target(
    name: "Unroll" + name, dependencies: dependencies(imports, c) + (mayUseMPI ? [mpi] : []),
    path: "Sources/" + name, resources: files.map { .embedInCode($0) },
    swiftSettings: mayUseMPI ? [.define("MPI", whenMPI)] : [])
}

/// The trait `MPI`: swift build --traits MPI. Without it nothing of MPI is looked for.
let whenMPI = BuildSettingCondition.when(traits: ["MPI"])
let mpi = Target.Dependency.target(
  name: "CUnrollMPI", condition: .when(traits: ["MPI"]))

/// The tests of a module; those that train run in a release build (tools/test). Their own code is not
/// optimized: the compiler takes half as long over it, and they take as long to run.
func tests(
  _ name: String, imports: [String], c: [String] = [], program: Bool = false, goldens: Bool = false
) -> Target {
  .testTarget(
    name: "Unroll\(name)Tests",
    dependencies: dependencies([name, "TestSupport"] + imports, c) + (program ? ["unroll"] : []),
    path: "Tests/\(name)Tests", resources: goldens ? [.copy("Goldens")] : [],
    swiftSettings: [.unsafeFlags(["-Onone"], .when(configuration: .release))])
}

func dependencies(_ modules: [String], _ c: [String]) -> [Target.Dependency] {
  (modules.map { "Unroll" + $0 } + c.map { "CUnroll" + $0 }).map { .byName(name: $0) }
}

/// The mathematics, from matrices to trained models.
let mathematics = [
  "Text", "DenseMath", "FileFormats", "Optimization", "RecurrentCells", "FeedForward",
  "SequenceTasks",
  "Training", "GradientFlow",
]
/// What people make of it: measurements of whole runs, and what is shown of them.
let results = ["Figures", "Studies", "Reports", "Lessons"]

let package = Package(
  name: "unroll",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "UnrollKit", targets: ["UnrollKit"]),
    .executable(name: "unroll", targets: ["unroll"]),
  ],
  traits: [
    .trait(
      name: "MPI",
      description:
        "Training and sweeps over several processes, started by mpirun. Needs Open MPI, or "
        + "MPICH with UNROLL_MPI=mpich in the environment of the build.")
  ],
  // Each module imports only modules listed above it.
  targets: [
    // The machine: BLAS, vector code, files.
    .systemLibrary(
      name: "CUnrollOpenBLAS", path: "Sources/COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .target(name: "CUnrollVectorKernels", path: "Sources/CVectorKernels"),
    // UNROLL_MPI is the name that pkg-config knows the MPI library by.
    .systemLibrary(
      name: "CUnrollMPI", path: "Sources/CMPI",
      pkgConfig: Context.environment["UNROLL_MPI"] ?? "ompi-c",
      providers: [.apt(["libopenmpi-dev"]), .brew(["open-mpi"])]),
    module("Text"),
    module("DenseMath", imports: ["Text"], c: ["OpenBLAS", "VectorKernels"]),
    module("FileFormats", imports: ["Text"]),

    // The mathematics: parameters, cells, tasks, training, measuring.
    module("Optimization", imports: ["Text", "DenseMath"]),
    module("RecurrentCells", imports: ["Text", "DenseMath", "FileFormats", "Optimization"]),
    module("FeedForward", imports: ["Text", "DenseMath", "FileFormats", "Optimization"]),
    module(
      "SequenceTasks",
      imports: ["Text", "DenseMath", "FileFormats", "Optimization", "RecurrentCells"]),
    module(
      "Training",
      imports: [
        "Text", "DenseMath", "FileFormats", "Optimization", "RecurrentCells", "SequenceTasks",
      ], mayUseMPI: true),
    module("GradientFlow", imports: ["Text", "DenseMath", "Optimization", "RecurrentCells"]),

    // Whole runs: what is measured of them, and what is shown.
    module("Figures", imports: ["Text", "FileFormats"]),
    module("Studies", imports: mathematics),
    module(
      "Reports", imports: mathematics + ["Figures", "Studies"],
      embeds: ["Page/axes.js", "Page/figures.js", "Page/page.js", "Page/page.css"]),
    module(
      "Lessons", imports: mathematics + ["Figures", "Studies", "Reports"],
      embeds: ["Texts/english.md", "Texts/chinese.md"]),
    .target(
      name: "UnrollKit", dependencies: dependencies(mathematics + results, []),
      path: "Sources/UnrollKit"),

    // The program.
    module("CommandLine", imports: ["Text", "FileFormats"]),
    module("Commands", imports: mathematics + results + ["CommandLine"]),
    .executableTarget(name: "unroll", dependencies: ["UnrollCommands"]),

    // Tests, a target for each module, and what several of them use.
    .target(name: "CUnrollAllocationCounter", path: "Tests/CAllocationCounter"),
    .target(name: "CUnrollDiskRecorder", path: "Tests/CDiskRecorder"),
    .target(
      name: "UnrollTestSupport", dependencies: dependencies(mathematics + ["CommandLine"], []),
      path: "Tests/Support"),
    tests("Text", imports: []),
    tests("DenseMath", imports: [], c: ["VectorKernels"]),
    tests("FileFormats", imports: []),
    tests("Optimization", imports: ["DenseMath"]),
    tests("RecurrentCells", imports: ["DenseMath", "FileFormats", "Optimization"], goldens: true),
    tests("FeedForward", imports: ["DenseMath", "FileFormats", "Optimization"], goldens: true),
    tests(
      "SequenceTasks",
      imports: ["Text", "DenseMath", "FileFormats", "Optimization", "RecurrentCells"]),
    tests(
      "Training",
      imports: ["DenseMath", "FileFormats", "Optimization", "RecurrentCells", "SequenceTasks"],
      c: ["AllocationCounter"], goldens: true),
    tests(
      "GradientFlow", imports: ["DenseMath", "FileFormats", "Optimization", "RecurrentCells"],
      goldens: true),
    tests("Figures", imports: ["Text"]),
    tests("Studies", imports: mathematics, c: ["VectorKernels"]),
    tests("Reports", imports: mathematics + ["Figures", "Studies"]),
    tests("Lessons", imports: mathematics + ["Studies", "Reports"]),
    tests("CommandLine", imports: ["Text"]),
    // Documentation: every public symbol, the pages, and the programs in Snippets that they show.
    .testTarget(name: "UnrollKitTests", dependencies: ["UnrollKit"], path: "Tests/UnrollKitTests"),
    tests(
      "Commands", imports: mathematics + results + ["CommandLine"], c: ["DiskRecorder"],
      program: true),
  ],
  swiftLanguageModes: [.v6]
)

// What tools/fuzz builds, with sanitizers; nobody else has a use for it.
if Context.environment["UNROLL_FUZZING"] != nil {
  package.targets.append(
    .executableTarget(
      name: "fuzz",
      dependencies: dependencies(mathematics + ["CommandLine", "Commands", "TestSupport"], []),
      path: "Tests/Fuzzing"))
}
