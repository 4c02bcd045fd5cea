// swift-tools-version: 6.2
import PackageDescription

// Each module imports only modules listed above it in its group or in an earlier group.
let package = Package(
  name: "unroll",
  products: [
    .library(
      name: "UnrollKit",
      targets: [])
  ],
  targets: [

    // Tests: one target a module; those that train run in a release build (tools/test).
  ],
  swiftLanguageModes: [.v6]
)
