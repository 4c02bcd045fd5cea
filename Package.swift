// swift-tools-version: 6.2
import PackageDescription

// Each module imports only modules listed above it in its group or in an earlier group.
let package = Package(
  name: "unroll",
  products: [
    .library(
      name: "UnrollKit",
      targets: [
        "DenseMath", "FileFormats", "Optimization", "RecurrentCells", "FeedForward",
        "SequenceTasks",
        "Training", "GradientFlow", "Figures",
      ]),
    .executable(name: "unroll", targets: ["unroll"]),
  ],
  targets: [
    // The machine: BLAS, vector code, files.
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "CVectorKernels"),
    .target(name: "DenseMath", dependencies: ["COpenBLAS", "CVectorKernels"]),
    .target(name: "FileFormats"),

    // The mathematics: parameters, cells, tasks, training, measuring.
    .target(name: "Optimization", dependencies: ["DenseMath"]),
    .target(name: "RecurrentCells", dependencies: ["DenseMath", "FileFormats", "Optimization"]),
    .target(name: "FeedForward", dependencies: ["DenseMath", "Optimization"]),
    .target(
      name: "SequenceTasks",
      dependencies: ["DenseMath", "FileFormats", "Optimization", "RecurrentCells"]),
    .target(
      name: "Training",
      dependencies: ["DenseMath", "FileFormats", "Optimization", "RecurrentCells", "SequenceTasks"]),
    .target(name: "GradientFlow", dependencies: ["DenseMath", "Optimization", "RecurrentCells"]),

    // What people see: figures and the program.
    .target(name: "Figures"),
    .target(
      name: "UnrollCommands",
      dependencies: [
        "DenseMath", "FileFormats", "Optimization", "RecurrentCells", "FeedForward",
        "SequenceTasks",
        "Training", "GradientFlow", "Figures",
      ]),
    .executableTarget(name: "unroll", dependencies: ["UnrollCommands"]),

    // Tests: one target a module; those that train run in a release build (tools/test).
    .testTarget(name: "DenseMathTests", dependencies: ["DenseMath", "CVectorKernels"]),
    .testTarget(name: "FileFormatsTests", dependencies: ["FileFormats"]),
    .testTarget(name: "OptimizationTests", dependencies: ["Optimization", "DenseMath"]),
    .testTarget(
      name: "RecurrentCellsTests",
      dependencies: ["RecurrentCells", "DenseMath", "FileFormats", "Optimization"],
      resources: [.copy("Goldens")]),
    .testTarget(
      name: "FeedForwardTests",
      dependencies: ["FeedForward", "Optimization", "DenseMath", "FileFormats"],
      resources: [.copy("Goldens")]),
    .testTarget(
      name: "SequenceTasksTests",
      dependencies: [
        "SequenceTasks", "RecurrentCells", "Optimization", "DenseMath", "FileFormats",
      ]),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Training", "CAllocationCounter", "SequenceTasks", "RecurrentCells", "Optimization",
        "DenseMath", "FileFormats",
      ],
      resources: [.copy("Goldens")]),
    .testTarget(
      name: "GradientFlowTests",
      dependencies: [
        "GradientFlow", "RecurrentCells", "Optimization", "DenseMath",
        "FileFormats",
      ],
      resources: [.copy("Goldens")]),
    .testTarget(name: "FiguresTests", dependencies: ["Figures"]),
    .testTarget(
      name: "UnrollCommandsTests",
      dependencies: [
        "UnrollCommands", "unroll", "FeedForward", "GradientFlow", "Figures", "Training",
        "SequenceTasks",
        "RecurrentCells", "Optimization",
        "DenseMath", "FileFormats",
      ]),
  ],
  swiftLanguageModes: [.v6]
)
