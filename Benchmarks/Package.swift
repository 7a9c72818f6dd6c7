// swift-tools-version: 6.2

import PackageDescription

/// Warnings are errors only where the project is developed (`LOSSES_STRICT=1`), as in the parent.
let strict = Context.environment["LOSSES_STRICT"] != nil

let package = Package(
  name: "losses-benchmarks",
  products: [
    .executable(name: "losses-benchmark", targets: ["LossesBenchmark"]),
    // For Peers/epoch.py.
    .executable(name: "peer-epoch", targets: ["PeerEpoch"]),
  ],
  dependencies: [
    .package(name: "swift-losses", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .target(
      name: "CRoofline",
      cSettings: [
        .unsafeFlags(
          ["-O3", "-std=c17", "-fvisibility=hidden", "-Wall", "-Wextra"] + (strict ? ["-Werror"] : [])),
        .unsafeFlags(["-fopenmp"], .when(platforms: [.linux])),
      ],
      linkerSettings: [.linkedLibrary("omp5", .when(platforms: [.linux]))]
    ),
    .executableTarget(
      name: "LossesBenchmark",
      dependencies: [
        "CRoofline",
        .product(name: "Losses", package: "swift-losses"),
        .product(name: "LinearModels", package: "swift-losses"),
        .product(name: "Optimizers", package: "swift-losses"),
        .product(name: "_ReferenceLosses", package: "swift-losses"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: [.enableUpcomingFeature("InternalImportsByDefault")]
        + (strict ? [.treatAllWarnings(as: .error)] : [])
    ),
    .executableTarget(
      name: "PeerEpoch",
      dependencies: [
        .product(name: "Losses", package: "swift-losses"),
        .product(name: "LinearModels", package: "swift-losses"),
        .product(name: "Optimizers", package: "swift-losses"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: [.enableUpcomingFeature("InternalImportsByDefault")]
        + (strict ? [.treatAllWarnings(as: .error)] : [])
    ),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c17
)
