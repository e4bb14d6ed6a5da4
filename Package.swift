// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]
let strictC: [CSetting] = [.treatAllWarnings(as: .error)]

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let collections = Target.Dependency.product(
  name: "OrderedCollections", package: "swift-collections")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yaml = Target.Dependency.product(name: "Yams", package: "Yams")
let toml = Target.Dependency.product(name: "TOMLKit", package: "TOMLKit")

/// A room of the house: a Swift target and what it may import.
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of a room, with their fixtures.
func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.init(stringLiteral: name)] + dependencies,
    resources: [.copy("Fixtures")], swiftSettings: strict)
}

let package = Package(
  name: "stockpot",
  products: [
    .executable(name: "stockpot", targets: ["stockpot"]),
    .library(name: "Checkpoints", targets: ["Checkpoints"]),
    .library(name: "Averaging", targets: ["Averaging"]),
    .library(name: "Evaluation", targets: ["Evaluation"]),
    .library(name: "Recipes", targets: ["Recipes"]),
    .library(name: "Analysis", targets: ["Analysis"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // C, behind plain types.
    .target(
      name: "CTerminal",
      cSettings: strictC + [.define("NCURSES_WIDECHAR", to: "1"), .define("_GNU_SOURCE")],
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    .target(name: "COnnxRuntime", cSettings: strictC, linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CKernels", cSettings: strictC),
    .target(name: "CProcess", cSettings: strictC + [.define("_GNU_SOURCE")]),
    .target(name: "CDemoSweep", exclude: ["digits-vit"], cSettings: strictC),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    // What themes, manifests and recipe files are written in.
    room("TOMLText", [toml]),

    // The screen: knows nothing of soups.
    .target(
      name: "Themes", dependencies: ["TOMLText", toml], path: "themes",
      resources: [
        "ansi16", "cvd-dark", "cvd-light", "dark", "high-contrast", "light", "mono",
      ].map { .embedInCode("\($0).toml") },
      swiftSettings: strict),
    room("Charts", ["Themes"]),
    room("TerminalUI", ["CTerminal", "Themes"]),

    // The engine: knows nothing of screens.
    room("Checkpoints", ["CKernels", "CZlib", collections]),
    room("Averaging", ["CKernels", "Checkpoints"]),
    .target(
      name: "Evaluation",
      dependencies: ["Averaging", "CKernels", "COnnxRuntime", "CProcess", "Checkpoints"],
      resources: [
        "bootstrap", "channel", "failures", "plain_model", "skeleton", "splits", "tensors",
        "torch_model", "worker",
      ].map { .embedInCode("Python/Worker/\($0).py") },
      swiftSettings: strict),
    room("Ledger", ["Checkpoints", "Evaluation", crypto, grdb]),
    room(
      "Sweeps",
      ["CDemoSweep", "Checkpoints", "Evaluation", "TOMLText", collections, crypto, toml, yaml]),
    room("Recipes", ["Averaging", "Checkpoints", "Evaluation"]),
    room("Analysis", ["Averaging", "Evaluation"]),

    // The kitchen and its doors.
    room(
      "Kitchen",
      [
        "Analysis", "Averaging", "Checkpoints", "Evaluation", "Ledger", "Recipes", "Sweeps",
        "TOMLText", toml,
      ]),
    room(
      "Dashboard",
      [
        "Analysis", "Averaging", "Charts", "Checkpoints", "Evaluation", "Kitchen", "Recipes",
        "Sweeps", "TOMLText", "TerminalUI", "Themes", collections, toml,
      ]),
    .executableTarget(
      name: "stockpot",
      dependencies: [
        "Analysis", "Averaging", "CProcess", "Charts", "Checkpoints", "Dashboard", "Evaluation",
        "Kitchen", "Ledger", "Recipes", "Sweeps", "TOMLText", "TerminalUI", "Themes",
        argumentParser,
      ],
      resources: [.embedInCode("Python/export_onnx.py"), .embedInCode("Bench/peers.py")]
        + [
          "analyse", "bench", "blend", "config_check", "doctor", "eval", "init", "inspect", "list",
          "pairs", "paths", "predict", "report", "run", "run_all", "theme_check", "theme_list",
          "theme_show",
        ].map { .embedInCode("Schemas/\($0).schema.json") },
      swiftSettings: strict),

    // Proof.
    tests("Analysis", ["Averaging", "Checkpoints", "Evaluation", "Kitchen", "Sweeps"]),
    tests("Averaging", ["CKernels", "Checkpoints"]),
    tests("Charts", ["Themes"]),
    tests("Checkpoints"),
    tests("Evaluation", ["Averaging", "Checkpoints"]),
    .testTarget(
      name: "PythonEvaluatorTests",
      dependencies: [
        "Averaging", "Checkpoints", "Evaluation", "Kitchen", "Ledger", "Recipes", "Sweeps",
        "stockpot", grdb,
      ],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    tests("Recipes", ["Averaging", "Evaluation"]),
    .executableTarget(
      name: "TerminalProbe", dependencies: ["TerminalUI", "Themes"], path: "Tests/TerminalProbe",
      swiftSettings: strict),
    .target(name: "TmuxDriver", path: "Tests/TmuxDriver", swiftSettings: strict),
    .testTarget(
      name: "TerminalUITests",
      dependencies: ["TerminalProbe", "TerminalUI", "Themes", "TmuxDriver"],
      swiftSettings: strict),
    .testTarget(name: "TOMLTextTests", dependencies: ["TOMLText"], swiftSettings: strict),
    .testTarget(name: "ThemesTests", dependencies: ["Themes"], swiftSettings: strict),
    tests("Ledger", ["Checkpoints", "Evaluation", grdb]),
    tests("Sweeps", ["Checkpoints", "Evaluation", collections]),
    .testTarget(
      name: "KitchenTests",
      dependencies: [
        "Analysis", "Averaging", "Checkpoints", "Evaluation", "Kitchen", "Ledger", "Recipes",
        "Sweeps",
      ],
      swiftSettings: strict),
    tests(
      "Dashboard",
      [
        "Analysis", "Averaging", "Charts", "Checkpoints", "Evaluation", "Kitchen", "Recipes",
        "Sweeps", "TerminalUI", "Themes", collections,
      ]),
    .testTarget(
      name: "LibraryTests", dependencies: ["Checkpoints", "Evaluation"], swiftSettings: strict),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["CProcess", "Checkpoints", "Evaluation", "Sweeps", "stockpot"],
      swiftSettings: strict),
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["Evaluation", "Sweeps", "TmuxDriver", "stockpot"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c2x
)
