import DeepSwift
import ExampleSupport
import Foundation

/// Three trainings on handwritten digits, and what their histories tell: a large layer, a small one, large batches.
@main struct TrainingHistoryExample {
  static func main() { runExample(run) }

  private static func run() throws {
    let options = Options(epochs: 10, batchSize: 32)
    let (train, test) = try data(options)
    let (x, xTest) = (train.x / 255, test.x / 255)

    let settings = [
      ("512 units", 512, options.batchSize),
      ("16 units", 16, options.batchSize),
      ("512 units, large batches", 512, 16 * options.batchSize),
    ]
    var runs: [(String, History)] = []
    for (name, units, batchSize) in settings {
      print("\(name): \(units) units, batches of \(batchSize)")
      let model = Sequential {
        Flatten()
        Dense(units, activation: .relu)
        Dense(10, activation: .softmax)
      }
      try model.compile(optimizer: .rmsprop, loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
      let history = try model.fit(
        x, train.y, batchSize: batchSize, epochs: options.epochs, validationData: (xTest, test.y))
      runs.append((name, history))
    }

    for (name, history) in runs {
      guard let best = history.bestEpoch(), let logs = history.logs(epoch: best) else { continue }
      print("\(name): lowest validation loss after epoch \(best + 1): \(logs)")
    }
    try History.plot(runs, to: "mnist.svg")
    try History.plot(runs, to: "mnist.png")
    try runs[0].1.write(to: "mnist-512.csv")
    print("All three are drawn in mnist.svg and mnist.png; the numbers of the first are in mnist-512.csv.")
  }

  private static func data(_ options: Options) throws -> (train: Dataset, test: Dataset) {
    guard options.smoke else { return try MNIST.load() }
    return try (.generated(count: 600, shape: [28, 28]), .generated(count: 100, shape: [28, 28]))
  }
}
