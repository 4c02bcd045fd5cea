// swift-tools-version: 6.2
import PackageDescription

// A package that depends on Unroll, with a cell, a task, an optimizer, a clipping rule and a loss of
// its own. Its target is called Training to show that Unroll's names leave a dependant's own free.
let package = Package(
  name: "Dependant",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "unroll", path: "../..")],
  targets: [
    .target(name: "Training", dependencies: [.product(name: "UnrollKit", package: "unroll")]),
    .executableTarget(
      name: "Dependant",
      dependencies: ["Training", .product(name: "UnrollKit", package: "unroll")]),
  ],
  swiftLanguageModes: [.v6]
)
