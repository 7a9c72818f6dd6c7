// swift-tools-version: 6.2

import PackageDescription

/// Warnings are errors only where the project is developed (`LOSSES_STRICT=1`), as in the parent.
let strict = Context.environment["LOSSES_STRICT"] != nil
let swiftSettings: [SwiftSetting] = strict ? [.treatAllWarnings(as: .error)] : []

let losses: Target.Dependency = .product(name: "Losses", package: "swift-losses")
let linearModels: Target.Dependency = .product(name: "LinearModels", package: "swift-losses")
let optimizers: Target.Dependency = .product(name: "Optimizers", package: "swift-losses")
let charts: Target.Dependency = .product(name: "_Charts", package: "swift-losses")

let package = Package(
  name: "losses-examples",
  dependencies: [.package(name: "swift-losses", path: "..")],
  targets: [
    .target(name: "ExampleSupport", dependencies: [losses, linearModels, charts], swiftSettings: swiftSettings),
    .executableTarget(
      name: "OwnLoss", dependencies: [losses, linearModels, "ExampleSupport"], swiftSettings: swiftSettings),
    .executableTarget(
      name: "LearnedShape", dependencies: [losses, linearModels, optimizers, charts, "ExampleSupport"],
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "BatchModes", dependencies: [losses, linearModels, optimizers, charts, "ExampleSupport"],
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "TunedFocal", dependencies: [losses, linearModels, charts, "ExampleSupport"],
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "DigitsNetwork", dependencies: [losses, optimizers, charts, "ExampleSupport"],
      swiftSettings: swiftSettings),
  ],
  swiftLanguageModes: [.v6]
)
