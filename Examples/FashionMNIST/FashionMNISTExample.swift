import DeepSwift
import ExampleSupport
import Foundation

/// A first network: which of ten pieces of clothing is in the picture?
@main struct FashionMNISTExample {
  static func main() { runExample(run) }

  private static func run() throws {
    let options = Options(
      epochs: 10, batchSize: 100,
      switches: ["--convolution": "a small convolutional network instead of the dense one"])
    let (train, test) = try data(options)
    let (training, validation) = train.split(0.9)

    let model = options.switches.contains("--convolution") ? convolutional() : dense()
    try model.compile(optimizer: .adam, loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
    model.summary()

    let history = try model.fit(
      training, batchSize: options.batchSize, epochs: options.epochs, validationData: validation)
    try history.plot(to: "fashion-mnist.svg")
    try history.plot(to: "fashion-mnist.png")

    let scores = try model.evaluate(test, verbose: .silent)
    print("Test accuracy: \(scores.accuracy.formatted(.number.precision(.fractionLength(4))))")
    print("The plot of the training is in fashion-mnist.svg and fashion-mnist.png.")

    let guesses = try model.predict(test.x[0..<5]).argmax()
    for (index, guess) in guesses.enumerated() {
      print("Picture \(index): \(test.classNames[guess]), really \(test.classNames[test.y.integers[index]])")
    }
  }

  private static func dense() -> Sequential {
    Sequential {
      Input(shape: [28, 28])
      Rescaling(1.0 / 255)
      Flatten()
      Dense(128, activation: .relu)
      Dense(10, activation: .softmax)
    }
  }

  private static func convolutional() -> Sequential {
    Sequential {
      Input(shape: [28, 28])
      Rescaling(1.0 / 255)
      Reshape([28, 28, 1])
      Conv2D(32, kernelSize: 3, padding: .same, activation: .relu)
      MaxPooling2D()
      Conv2D(64, kernelSize: 3, padding: .same, activation: .relu)
      MaxPooling2D()
      Flatten()
      Dropout(0.4)
      Dense(128, activation: .relu)
      Dense(10, activation: .softmax)
    }
  }

  private static func data(_ options: Options) throws -> (train: Dataset, test: Dataset) {
    guard options.smoke else { return try FashionMNIST.load() }
    return try (.generated(count: 600, shape: [28, 28]), .generated(count: 100, shape: [28, 28]))
  }
}
