import DeepSwift
import Foundation
import FoundationXML
import Testing

/// Every kind of picture, as files. With `DEEPSWIFT_PICTURES=folder` they are kept there, to be looked at.
@Suite struct PicturesTests {
  private static let kept = ProcessInfo.processInfo.environment["DEEPSWIFT_PICTURES"]

  /// Draws twice and takes both files apart again.
  private func check(_ name: String, sourceLocation: SourceLocation = #_sourceLocation, _ draw: (String) throws -> Void) throws {
    let folder = try TemporaryFolder()
    let place = Self.kept.map { $0 + "/" + name } ?? folder.path(name)
    try draw(place + ".svg")
    try draw(place + ".png")
    let svg = try Data(contentsOf: URL(fileURLWithPath: place + ".svg"))
    #expect(XMLParser(data: svg).parse(), sourceLocation: sourceLocation)
    let picture = try PNGReader(Data(contentsOf: URL(fileURLWithPath: place + ".png")))
    #expect(picture.width >= 300 && picture.height >= 120, sourceLocation: sourceLocation)
    let text = String(decoding: svg, as: UTF8.self)
    #expect(text.contains("width=\"\((picture.width + 1) / 2)"), "\(text.prefix(200))", sourceLocation: sourceLocation)
    // Nothing is fetched from anywhere.
    #expect(!text.replacing("http://www.w3.org/2000/svg", with: "").contains("http"), sourceLocation: sourceLocation)
  }

  private static func run(_ epochs: Int, _ speed: Double = 1, validation: Bool = true) -> History {
    let random = RandomSource(seed: 5)
    return HistoryPlotTests.history(epochs) { epoch in
      let t = Double(epoch + 1) * speed, noise = Double(random.normal(at: UInt64(epoch))) * 0.012
      var logs: Logs = ["accuracy": 0.95 - 0.5 / (1 + t / 2), "loss": 0.15 + 1.6 / (1 + t)]
      if validation {
        logs["val_accuracy"] = 0.9 - 0.45 / (1 + t / 2) + noise
        logs["val_loss"] = 0.3 + 1.5 / (1 + t) + t * 0.004 - noise
      }
      return logs
    }
  }

  @Test(arguments: [1, 2, 10, 200]) func histories(epochs: Int) throws {
    try check("history-\(epochs)") { try Self.run(epochs).plot(to: $0, title: "Fashion-MNIST, \(epochs) epochs") }
    try check("history-\(epochs)-plain") { try Self.run(epochs, validation: false).plot(to: $0) }
  }

  @Test func oddHistories() throws {
    let holes = HistoryPlotTests.history(12) { epoch in
      var logs: Logs = ["loss": epoch == 5 ? .nan : epoch == 8 ? .infinity : 2 / Double(epoch + 1)]
      if epoch % 3 == 2 { logs["val_loss"] = 2.2 / Double(epoch + 1) }
      return logs
    }
    try check("history-holes") { try holes.plot(to: $0) }
    try check("history-nan") { path in try HistoryPlotTests.history(3) { _ in ["loss": .nan, "accuracy": 0.1] }.plot(to: path) }
    let many = HistoryPlotTests.history(8) { epoch in
      let t = Double(epoch + 1)
      return [
        "loss": 1e-5 / t, "val_loss": 2e-5 / t, "within_one_of_the_target_value": 12345 * t,
        "val_within_one_of_the_target_value": 12000 * t, "mean_absolute_error": 3e7 / t, "auc": 0.999999 - 1e-7 * t,
      ]
    }
    try check("history-metrics") { try many.plot(to: $0, title: "Own metrics: <large> & small") }
  }

  @Test func comparisons() throws {
    try check("runs-2") { path in
      try History.plot(["512 units": Self.run(10), "16 units": Self.run(10, 0.4)], to: path, title: "MNIST, two sizes")
    }
    let many = (1...9).map { ("learning rate \(Double($0) / 1000), a rather long name", Self.run(20 + $0, Double($0) / 3)) }
    try check("runs-9") { try History.plot(many, to: $0) }
    try check("runs-plain") { path in
      try History.plot(["one": Self.run(1, validation: false), "two": Self.run(3, validation: false)], to: path)
    }
  }

  // MARK: Matrices

  private static func matrix(_ classes: Int, _ samples: Int, names: [String] = []) throws -> ConfusionMatrix {
    let random = RandomSource(seed: 3)
    let labels = (0..<samples).map { random.integer(below: classes, at: UInt64($0)) }
    let predictions = labels.enumerated().map { index, label in
      let luck = random.uniform(at: UInt64(samples + index))
      return luck < 0.8
        ? label : luck < 0.9 ? (label + 1) % classes : random.integer(below: classes, at: UInt64(2 * samples + index))
    }
    return try ConfusionMatrix(labels: labels, predictions: predictions, classNames: names)
  }

  @Test func matrices() throws {
    let fashion = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
    try check("confusion-10") { try Self.matrix(10, 10000, names: fashion).plot(to: $0) }
    try check("confusion-10-percent") {
      try Self.matrix(10, 10000, names: fashion).plot(to: $0, title: "Fashion-MNIST", normalized: true)
    }
    try check("confusion-2") { try Self.matrix(2, 500, names: ["cat", "dog"]).plot(to: $0) }
    try check("confusion-1") { try ConfusionMatrix(labels: [0], predictions: [0]).plot(to: $0) }
    let long = ["a golden retriever with a very long description", "Schäferhund", "собака", "犬", "x<y & z"]
    try check("confusion-names") { try Self.matrix(5, 100_000, names: long).plot(to: $0) }
    let hundred = (0..<100).map { "class number \($0)" }
    try check("confusion-100") { try Self.matrix(100, 20000, names: hundred).plot(to: $0) }
    try check("confusion-300") { try Self.matrix(300, 20000).plot(to: $0) }
  }

  // MARK: Images

  /// Stripes and discs in bytes.
  private static func images(_ count: Int, _ size: Int, _ channels: Int) -> Tensor {
    let shape: Shape = channels == 1 ? [count, size, size] : [count, size, size, channels]
    var bytes: [UInt8] = []
    for image in 0..<count {
      for y in 0..<size {
        for x in 0..<size {
          let (dx, dy) = (Double(x) / Double(size) - 0.5, Double(y) / Double(size) - 0.5)
          let isDisc = (dx * dx + dy * dy).squareRoot() < 0.15 + 0.03 * Double(image % 10)
          for channel in 0..<channels {
            let value = isDisc ? 40 + 60 * channel + image * 3 : 255 * (channel == image % 3 ? x : y) / size
            bytes.append(channel == 3 ? UInt8(255 * x / size) : UInt8(min(value, 255)))
          }
        }
      }
    }
    return Tensor(bytes, shape: shape)
  }

  @Test func previews() throws {
    let fashion = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
    func data(_ x: Tensor, _ names: [String]) throws -> Dataset {
      try Dataset(x: x, y: Tensor((0..<x.shape[0]).map { Int32($0 % 10) }), classNames: names)
    }
    try check("preview-gray") { try data(Self.images(30, 28, 1), fashion).preview(to: $0, title: "Fashion-MNIST") }
    try check("preview-color") { try data(Self.images(60, 32, 3), fashion).preview(to: $0, count: 40, columns: 8) }
    try check("preview-floats") { try data(Self.images(4, 32, 3) / 127.5 - 1, []).preview(to: $0) }
    try check("preview-one") {
      try data(Self.images(1, 200, 4), ["Photograph of a disc with a long name"]).preview(
        to: $0, title: "One image with a title that is longer than the image is wide")
    }
    try check("preview-batches") {
      try data(Self.images(12, 300, 3), fashion).batched(5).preview(to: $0, classNames: fashion, count: 7)
    }
  }

  @Test func mistakes() throws {
    let fashion = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
    let model = Sequential {
      Input(shape: [28, 28])
      Rescaling(1 / 255)
      Flatten()
      Dense(10, activation: .softmax, kernelInitializer: .glorotUniform(seed: 1))
    }
    let x = Self.images(40, 28, 1), labels = Tensor((0..<40).map { Int32($0 % 10) })
    let data = try Dataset(x: x, y: labels, classNames: fashion)
    try check("mistakes") { try model.plotMistakes(on: data, to: $0, count: 12) }
    let right = try Dataset(x: x, y: Tensor(model.predict(x).argmax().map(Int32.init)), classNames: fashion)
    try check("mistakes-none") { try model.plotMistakes(on: right, to: $0) }
  }

  @Test func whatCannotBeDrawnIsRefused() throws {
    let data = try Dataset(x: Tensor.zeros([3, 784]), y: Tensor([0, 1, 2] as [Int32]))
    #expect(throws: ModelError.self) { try data.preview(to: "a.svg") }
    #expect(throws: ModelError.self) { try data.preview(to: "a.jpg") }
    let images = try Dataset(x: Self.images(3, 4, 1), y: Tensor([0, 1, 2] as [Int32]))
    #expect(throws: ModelError.self) { try images.preview(to: "a.svg", count: 0) }
    #expect(throws: ModelError.self) { try images.preview(to: "a.svg", columns: 0) }
    #expect(throws: ModelError.self) { try images[0..<0].preview(to: "a.svg") }
    #expect(throws: ModelError.self) { try ConfusionMatrix(labels: [], predictions: []).plot(to: "a.svg") }
  }
}
