import DeepSwift
import ExampleSupport
import Foundation

/// A layer, a loss, a metric and a callback of one's own, and a model with two inputs: what should a used jacket cost at most?
@main struct YourOwnExample {
  static func main() { runExample(run) }

  private static func run() throws {
    let options = Options(epochs: 30, batchSize: 32)
    let jackets = Jackets(count: options.smoke ? 200 : 4000)

    let age = Input(shape: [1], name: "age")
    let image = Input(shape: [28, 28, 1], name: "image")
    let picture = Flatten()(MaxPooling2D()(Conv2D(8, kernelSize: 3, activation: .relu)(image)))
    let history = ScaleShift()(Dense(8, activation: .relu)(age))
    let joined = Concatenate()([Dense(16)(picture), history])
    let hidden = Lambda { $0 * sigmoid($0) }(Dense(16)(joined))
    let price = Dense(1, name: "price")(hidden)
    let model = Model(inputs: [age, image], outputs: price)

    try model.compile(
      optimizer: .adam(learningRate: .exponentialDecay(initial: 2e-3, steps: 500, rate: 0.8)), loss: Pinball(quantile: 0.9),
      metrics: [.meanAbsoluteError, BelowPrediction()])
    model.summary()

    try model.fit(
      ["age": jackets.ages, "image": jackets.images], jackets.prices, batchSize: options.batchSize, epochs: options.epochs,
      callbacks: [StopWhenGood(loss: 0.09)], validationSplit: 0.25)

    let fresh = Jackets(count: 1000, seed: 9)
    let scores = try model.evaluate(["age": fresh.ages, "image": fresh.images], fresh.prices, verbose: .silent)
    let share = scores["below_prediction"] ?? .nan
    print("Of 1000 new jackets \(share.formatted(.percent.precision(.fractionLength(1)))) cost less than predicted.")
    print("Layers: \(model.layers.map(\.name).joined(separator: ", "))")
    print("The last layer's kernel: \(try model.weights["price/kernel"].shape)")
  }
}
