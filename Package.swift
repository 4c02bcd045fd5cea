// swift-tools-version: 6.2
import PackageDescription

// Each module imports only modules listed above it in its group or in an earlier group.
let package = Package(
  name: "unroll",
  products: [
    .library(
      name: "UnrollKit",
      targets: [
        "DenseMath", "FileFormats", "Optimisation", "RecurrentCells", "DeepStacks", "SequenceTasks",
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
    .target(name: "Optimisation", dependencies: ["DenseMath"]),
    .target(name: "RecurrentCells", dependencies: ["DenseMath", "FileFormats", "Optimisation"]),
    .target(name: "DeepStacks", dependencies: ["DenseMath", "Optimisation"]),
    .target(
      name: "SequenceTasks",
      dependencies: ["DenseMath", "FileFormats", "Optimisation", "RecurrentCells"]),
    .target(
      name: "Training",
      dependencies: ["DenseMath", "FileFormats", "Optimisation", "RecurrentCells", "SequenceTasks"]),
    .target(name: "GradientFlow", dependencies: ["DenseMath", "Optimisation", "RecurrentCells"]),

    // What people see: figures and the program.
    .target(name: "Figures"),
    .target(
      name: "UnrollCommands",
      dependencies: [
        "DenseMath", "FileFormats", "Optimisation", "RecurrentCells", "DeepStacks", "SequenceTasks",
        "Training", "GradientFlow", "Figures",
      ]),
    .executableTarget(name: "unroll", dependencies: ["UnrollCommands"]),

    // Tests: one target a module; those that train run in a release build (tools/test).
    .testTarget(name: "DenseMathTests", dependencies: ["DenseMath", "CVectorKernels"]),
    .testTarget(name: "FileFormatsTests", dependencies: ["FileFormats"]),
    .testTarget(name: "OptimisationTests", dependencies: ["Optimisation", "DenseMath"]),
    .testTarget(
      name: "RecurrentCellsTests",
      dependencies: ["RecurrentCells", "DenseMath", "FileFormats", "Optimisation"],
      resources: [.copy("Goldens")]),
    .testTarget(
      name: "DeepStacksTests",
      dependencies: ["DeepStacks", "Optimisation", "DenseMath", "FileFormats"],
      resources: [.copy("Goldens")]),
    .testTarget(
      name: "SequenceTasksTests",
      dependencies: [
        "SequenceTasks", "RecurrentCells", "Optimisation", "DenseMath", "FileFormats",
      ]),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Training", "CAllocationCounter", "SequenceTasks", "RecurrentCells", "Optimisation",
        "DenseMath", "FileFormats",
      ],
      resources: [.copy("Goldens")]),
    .testTarget(
      name: "GradientFlowTests",
      dependencies: [
        "GradientFlow", "RecurrentCells", "Optimisation", "DenseMath",
        "FileFormats",
      ],
      resources: [.copy("Goldens")]),
    .testTarget(name: "FiguresTests", dependencies: ["Figures"]),
    .testTarget(
      name: "UnrollCommandsTests",
      dependencies: [
        "UnrollCommands", "unroll", "DeepStacks", "GradientFlow", "Figures", "Training",
        "SequenceTasks",
        "RecurrentCells", "Optimisation",
        "DenseMath", "FileFormats",
      ]),
  ],
  swiftLanguageModes: [.v6]
)
