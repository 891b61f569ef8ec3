import DeepSwift
import ExampleSupport
import Foundation

/// A convolutional network: ten kinds of things in small colour photographs.
@main struct CIFAR10Example {
  static func main() { runExample(run) }

  private static func run() throws {
    let options = Options(epochs: 10, batchSize: 100)
    let (train, test) = try data(options)

    let model = Sequential {
      Input(shape: [32, 32, 3])
      Rescaling(1.0 / 255)
      for filters in [32, 64] {
        Conv2D(filters, kernelSize: 3, padding: .same, activation: .relu)
        Conv2D(filters, kernelSize: 3, padding: .same, activation: .relu)
        MaxPooling2D()
        Dropout(0.25)
      }
      Flatten()
      Dense(512, activation: .relu)
      Dropout(0.5)
      Dense(10, activation: .softmax)
    }
    try model.compile(
      optimizer: .sgd(learningRate: 0.01, momentum: 0.9), loss: .sparseCategoricalCrossentropy,
      metrics: [.accuracy, .topK(3)])
    model.summary()

    let history = try model.fit(
      train, batchSize: options.batchSize, epochs: options.epochs, validationData: test)
    try history.plot(to: "cifar10.svg")
    try history.plot(to: "cifar10.png")

    let scores = try model.evaluate(test, verbose: .silent)
    print("Test accuracy: \(scores.accuracy.formatted(.number.precision(.fractionLength(4))))")
    print("The plot of the training is in cifar10.svg and cifar10.png.")
  }

  private static func data(_ options: Options) throws -> (train: Dataset, test: Dataset) {
    guard options.smoke else { return try CIFAR10.load() }
    return try (.generated(count: 200, shape: [32, 32, 3]), .generated(count: 50, shape: [32, 32, 3]))
  }
}
