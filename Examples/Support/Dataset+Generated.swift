import DeepSwift

extension Dataset {
  /// Noise with a bright stripe whose place tells the class: enough to see a loss go down.
  public static func generated(count: Int, shape: Shape, classNames: [String]? = nil) throws -> Dataset {
    let classNames = classNames ?? (0..<10).map { "class \($0)" }
    let size = shape.count, classes = classNames.count
    var pixels = Tensor.random(integers: 0..<64, shape: [count * size], seed: 1).integers.map { UInt8($0) }
    let labels = (0..<count).map { Int32($0 % classes) }
    for (image, label) in labels.enumerated() {
      let stripe = size / classes, start = image * size + Int(label) * stripe
      for place in start..<start + stripe { pixels[place] = 230 }
    }
    return try Dataset(
      x: Tensor(pixels, shape: Shape([count] + shape.dimensions)), y: Tensor(labels), classNames: classNames)
  }
}
