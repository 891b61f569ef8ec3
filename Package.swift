// swift-tools-version: 6.1
import PackageDescription

/// A module of the library, in the folder of its short name. The long name keeps it from clashing with other packages.
func module(_ name: String, _ dependencies: [String]) -> Target {
  .target(
    name: "DeepSwift\(name)", dependencies: dependencies.map { .init(stringLiteral: $0) }, path: "Sources/\(name)")
}

/// The tests of a module: one `XTests.swift` per `X.swift`.
func tests(of name: String, _ further: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: ["DeepSwift", "TestSupport"] + further, path: "Tests/\(name)Tests",
    resources: resources)
}

/// A program in `Examples`, run by `swift run -c release NAME`.
func example(_ name: String) -> Target {
  .executableTarget(
    name: name, dependencies: ["DeepSwift", "ExampleSupport"], path: "Examples/\(name)", exclude: ["README.md"])
}

/// A program whose names users rely on: it must compile and run as it stands.
func contract(_ name: String) -> Target {
  .executableTarget(name: "Contract\(name)", dependencies: ["DeepSwift"], path: "Tests/Contract/\(name)")
}

let package = Package(
  name: "DeepSwift",
  products: [.library(name: "DeepSwift", targets: ["DeepSwift"])],
  targets: [
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "DeepSwiftKernels", path: "Sources/Kernels", linkerSettings: [.linkedLibrary("m")]),

    // Arrows point only up this list.
    module("Engine", ["DeepSwiftKernels", "COpenBLAS"]),
    module("Layers", ["DeepSwiftEngine"]),
    module("Datasets", ["DeepSwiftEngine", "CZlib"]),
    module("Training", ["DeepSwiftEngine", "DeepSwiftLayers", "DeepSwiftDatasets"]),
    module("Evaluation", ["DeepSwiftDatasets", "DeepSwiftTraining"]),
    .target(
      name: "DeepSwift",
      dependencies: [
        "DeepSwiftEngine", "DeepSwiftLayers", "DeepSwiftDatasets", "DeepSwiftTraining", "DeepSwiftEvaluation",
      ]),

    .target(name: "ExampleSupport", dependencies: ["DeepSwift"], path: "Examples/Support"),
    example("FashionMNIST"),
    example("CIFAR10"),
    example("TrainAndServe"),
    example("TrainingHistory"),
    example("Retrain"),
    example("YourOwn"),
    example("SaveAndResume"),
    .executableTarget(
      name: "Benchmark", dependencies: ["DeepSwift", "DeepSwiftEngine", "DeepSwiftTraining"], path: "Benchmarks/DeepSwiftBench"),

    contract("FirstModel"),
    contract("CIFAR10Lesson"),
    contract("EvaluateAndSave"),
    contract("HistoryLesson"),
    contract("Retrain"),
    contract("YourOwn"),
    contract("Saving"),
    contract("Names"),
    // Carries models between Keras and DeepSwift for Scripts/test-keras.
    .executableTarget(name: "KerasExchange", dependencies: ["DeepSwift", "DeepSwiftTraining"], path: "Tests/KerasExchange"),
    // What several suites need. A test target, so that it is only built with them and sees the modules' internals.
    .testTarget(name: "TestSupport", dependencies: ["DeepSwift"], path: "Tests/TestSupport"),
    .target(name: "MallocCount", path: "Tests/MallocCount"),
    // Reads damaged files: a program, and what it shares with tests.
    .target(
      name: "FuzzTargets", dependencies: ["DeepSwiftDatasets", "DeepSwiftEvaluation"], path: "Tests/Fuzz/Targets"),
    .executableTarget(name: "Fuzz", dependencies: ["FuzzTargets"], path: "Tests/Fuzz/Program"),
    tests(of: "Kernels"),
    tests(of: "Engine", ["MallocCount"]),
    tests(of: "Layers"),
    tests(of: "Datasets", ["FuzzTargets"]),
    tests(of: "Training"),
    // Trainings that are killed and go on: the tests start it as a process of its own.
    .executableTarget(name: "Soak", dependencies: ["DeepSwift"], path: "Tests/Soak"),
    tests(of: "Evaluation", ["FuzzTargets", "Soak"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx20)
