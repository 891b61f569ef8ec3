import DeepSwift
import ExampleSupport
import Foundation

/// A network that was trained for some kinds of photographs learns three others from a folder with few of them.
@main struct RetrainExample {
  static func main() { runExample(run) }

  private static let newcomers = ["bird", "horse", "ship"]

  private static func run() throws {
    let options = Options(epochs: 5, batchSize: 64)
    let (train, test) = try data(options)
    let known = train.classNames.filter { !newcomers.contains($0) }

    print("A base for \(known.joined(separator: ", ")):")
    let base = network(classes: known.count)
    try base.compile(optimizer: .adam, loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
    try base.fit(
      train.part(of: known), batchSize: options.batchSize, epochs: options.epochs, validationData: test.part(of: known))
    try base.save(to: "base.keras")

    try train.part(of: newcomers).writeImages(into: "photos", each: 100)
    let folder = try ImageFolder("photos", imageSize: [32, 32], batchSize: 32, seed: 7)
    let (training, validation) = try folder.split(0.8)
    let examination = try test.part(of: newcomers)
    let epochs = options.smoke ? 2 : 30

    let untrained = try withHead(on: network(classes: known.count))
    try untrained.fit(training, epochs: epochs, verbose: .silent, validationData: validation)
    print("A head on random features: \(try untrained.evaluate(examination, verbose: .silent))")

    let saved = try Sequential.load(from: "base.keras")
    let model = try withHead(on: saved)
    let frozen = try model.fit(training, epochs: epochs, verbose: .silent, validationData: validation)
    print("A head on the base's features: \(try model.evaluate(examination, verbose: .silent))")

    saved.trainable = true
    saved.layers[1].trainable = false
    try model.compile(
      optimizer: .adam(learningRate: 1e-4), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
    let tuned = try model.fit(
      training.prefetched(), epochs: epochs, verbose: .silent,
      callbacks: [EarlyStopping(monitor: "val_accuracy", patience: 5, restoreBestWeights: true)],
      validationData: validation)
    print("Fine-tuned: \(try model.evaluate(examination, verbose: .silent))")
    try History.plot([("frozen", frozen), ("fine-tuned", tuned)], to: "retraining.svg")
    try History.plot([("frozen", frozen), ("fine-tuned", tuned)], to: "retraining.png")
    print("Both trainings are drawn in retraining.svg and retraining.png; the photographs are in photos.")
  }

  private static func network(classes: Int) -> Sequential {
    Sequential {
      Input(shape: [32, 32, 3])
      Rescaling(1.0 / 255)
      for filters in [32, 64, 64] {
        Conv2D(filters, kernelSize: 3, padding: .same, activation: .relu)
        BatchNormalization()
        MaxPooling2D()
      }
      Flatten()
      Dropout(0.4)
      Dense(64, activation: .relu)
      Dense(classes, activation: .softmax)
    }
  }

  /// The network without its last layer, frozen, and a new last layer.
  private static func withHead(on base: Sequential) throws -> Sequential {
    base.removeLast()
    base.trainable = false
    let model = Sequential {
      base
      Dropout(0.2)
      Dense(newcomers.count, activation: .softmax, name: "head")
    }
    try model.compile(
      optimizer: .adam(learningRate: 0.003), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
    return model
  }

  private static func data(_ options: Options) throws -> (train: Dataset, test: Dataset) {
    guard options.smoke else { return try CIFAR10.load() }
    return try (
      .generated(count: 200, shape: [32, 32, 3], classNames: CIFAR10.classNames),
      .generated(count: 50, shape: [32, 32, 3], classNames: CIFAR10.classNames)
    )
  }
}
