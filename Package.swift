// swift-tools-version: 6.2
// 6.2 is the first tools version under which a package with `unsafeFlags` can be a version-pinned dependency.

import PackageDescription

let openMP = "OpenMP"
let linuxWithOpenMP: BuildSettingCondition = .when(platforms: [.linux], traits: [openMP])

/// Warnings are errors only where the project is developed (`LOSSES_STRICT=1`), so that a newer compiler never breaks a consumer.
let strict = Context.environment["LOSSES_STRICT"] != nil

let swiftSettings: [SwiftSetting] =
  [.enableUpcomingFeature("InternalImportsByDefault")] + (strict ? [.treatAllWarnings(as: .error)] : [])

let package = Package(
  name: "swift-losses",
  products: [
    .library(name: "Losses", targets: ["Losses"]),
    .library(name: "Optimizers", targets: ["Optimizers"]),
    .library(name: "LinearModels", targets: ["LinearModels"]),
    .executable(name: "losses", targets: ["LossesCommand"]),
    .library(name: "_ReferenceLosses", targets: ["ReferenceLosses"]),
    // For the command and the examples; no stable API.
    .library(name: "_Charts", targets: ["Charts"]),
  ],
  traits: [
    .default(enabledTraits: [openMP]),
    .trait(name: openMP, description: "Evaluate long inputs on several threads (Linux; needs libomp-dev)."),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/ordo-one/TextTable", from: "0.0.2"),
  ],
  targets: [
    .target(
      name: "CLossKernels",
      path: "CKernels",
      exclude: ["README.md"],
      cSettings: [
        // -O3 comes after SwiftPM's own -O0, so an app in debug mode still has fast kernels.
        .unsafeFlags(
          [
            "-O3", "-std=c17", "-fvisibility=hidden", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math",
            "-Wall", "-Wextra",
          ] + (strict ? ["-Werror"] : [])),
        .unsafeFlags(["-fopenmp"], linuxWithOpenMP),
      ],
      linkerSettings: [.linkedLibrary("omp5", linuxWithOpenMP)]
    ),
    .target(
      name: "Losses", dependencies: ["CLossKernels"],
      // `MatrixView` depends on the lifetime of the memory that it shows.
      swiftSettings: swiftSettings + [.enableExperimentalFeature("Lifetimes")]),
    .target(
      name: "Optimizers", dependencies: ["CLossKernels", "DataFiles", "Losses"], swiftSettings: swiftSettings),
    .target(
      name: "LinearModels", dependencies: ["CLossKernels", "Losses", "Optimizers"], swiftSettings: swiftSettings),
    .target(name: "DataFiles", dependencies: ["Losses"], swiftSettings: swiftSettings),
    .target(name: "Charts", swiftSettings: swiftSettings),
    .executableTarget(
      name: "LossesCommand",
      dependencies: [
        "Charts", "DataFiles", "LinearModels", "Losses", "Optimizers",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "TextTable", package: "TextTable"),
      ],
      swiftSettings: swiftSettings
    ),
    .target(
      name: "ReferenceLosses",
      dependencies: ["Losses", .product(name: "RealModule", package: "swift-numerics")],
      swiftSettings: swiftSettings
    ),
    .target(name: "CTestSupport", path: "Tests/CTestSupport"),
    .target(
      name: "TestSupport",
      dependencies: ["CTestSupport", .product(name: "RealModule", package: "swift-numerics")],
      path: "Tests/TestSupport", swiftSettings: swiftSettings),
    .testTarget(
      name: "LossesTests", dependencies: ["CLossKernels", "Losses", "ReferenceLosses", "TestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "OptimizersTests", dependencies: ["CLossKernels", "Losses", "Optimizers", "TestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "LinearModelsTests",
      dependencies: ["DataFiles", "LinearModels", "Losses", "Optimizers", "ReferenceLosses", "TestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "DataFilesTests", dependencies: ["DataFiles", "TestSupport"], swiftSettings: swiftSettings),
    .testTarget(name: "ChartsTests", dependencies: ["Charts"], swiftSettings: swiftSettings),
    .testTarget(
      name: "LossesCommandTests", dependencies: ["LossesCommand", "DataFiles", "Losses", "Optimizers", "TestSupport"],
      swiftSettings: swiftSettings),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c17
)
