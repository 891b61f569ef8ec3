import DeepSwift
import ExampleSupport
import Foundation

/// Trains a network, examines and saves it; with `--serve` loads it and answers questions.
@main struct TrainAndServeExample {
  static func main() { runExample(run) }

  private static let file = "clothes.keras"

  private static func run() throws {
    let options = Options(
      epochs: 10, batchSize: 100, switches: ["--serve": "loads the network and answers numbers of test images"])
    let (all, test) = try data(options)
    if options.switches.contains("--serve") { try serve(test) } else { try train(all, test, options) }
  }

  private static func train(_ all: Dataset, _ test: Dataset, _ options: Options) throws {
    let (training, validation) = all.split(0.95)
    let model = Sequential {
      Input(shape: [28, 28])
      Rescaling(1.0 / 255)
      Flatten()
      Dense(300, activation: .relu, kernelInitializer: .heNormal)
      Dense(100, activation: .relu, kernelInitializer: .heNormal)
      Dense(10)
    }
    try model.compile(optimizer: .adam, loss: .sparseCategoricalCrossentropy(fromLogits: true), metrics: [.accuracy])
    model.summary()
    try model.fit(
      training, batchSize: options.batchSize, epochs: options.epochs, verbose: .epochs, validationData: validation)

    let scores = try model.evaluate(test, batchSize: options.batchSize, verbose: .silent)
    print("Test accuracy: \(scores.accuracy.formatted(.number.precision(.fractionLength(4))))")
    let matrix = try model.confusionMatrix(on: test)
    print(ClassificationReport(matrix))
    try matrix.plot(to: "confusion.svg")
    try matrix.plot(to: "confusion.png")

    try model.save(to: file)
    let served = try Model.load(from: file)
    guard try served.predict(test.x) == model.predict(test.x) else {
      throw ModelError(.file, at: file, "the network that was loaded does not predict what the saved one did")
    }
    print("The network is in \(file), and predicts from there what it did before. Ask it with --serve.")
  }

  /// Reads numbers of test images, one per line, and answers each with what the image shows.
  private static func serve(_ test: Dataset) throws {
    let served = try Model.load(from: file)
    print("Which test image, 0 to \(test.count - 1)? An empty line ends this.")
    while let line = readLine(), !line.isEmpty {
      guard let number = Int(line), (0..<test.count).contains(number) else {
        print("\(line) is none.")
        continue
      }
      let guess = try served.predict(test.x[number..<number + 1]).argmax()[0]
      print("\(number): \(test.classNames[guess]), really \(test.classNames[test.y.integers[number]])")
    }
  }

  private static func data(_ options: Options) throws -> (train: Dataset, test: Dataset) {
    guard options.smoke else { return try FashionMNIST.load() }
    return try (.generated(count: 600, shape: [28, 28]), .generated(count: 100, shape: [28, 28]))
  }
}
