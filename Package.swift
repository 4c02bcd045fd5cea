// swift-tools-version: 6.2
import PackageDescription

// Each module imports only modules listed above it in its group or in an earlier group.
let package = Package(
  name: "unroll",
  products: [
    .library(
      name: "UnrollKit",
      targets: ["DenseMath", "FileFormats"])
  ],
  targets: [
    // The machine: BLAS, vector code, files.
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "CVectorKernels"),
    .target(name: "DenseMath", dependencies: ["COpenBLAS", "CVectorKernels"]),
    .target(name: "FileFormats"),

    // Tests: one target a module; those that train run in a release build (tools/test).
    .testTarget(name: "DenseMathTests", dependencies: ["DenseMath", "CVectorKernels"]),
    .testTarget(name: "FileFormatsTests", dependencies: ["FileFormats"]),
  ],
  swiftLanguageModes: [.v6]
)
