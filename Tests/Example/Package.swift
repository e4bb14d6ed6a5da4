// swift-tools-version: 6.2

import PackageDescription

// A package of its own, as a researcher's would be: it sees what is public and nothing else.
let package = Package(
  name: "Example",
  dependencies: [.package(name: "stockpot", path: "../..")],
  targets: [
    .executableTarget(
      name: "Example",
      dependencies: ["Checkpoints", "Averaging", "Evaluation", "Recipes", "Analysis"].map {
        .product(name: $0, package: "stockpot")
      },
      swiftSettings: [.treatAllWarnings(as: .error)])
  ],
  swiftLanguageModes: [.v6]
)
