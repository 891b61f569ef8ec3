import DeepSwiftEngine

/// Samples and their labels: `x` holds one sample per row, `y` one label or target per row.
///
///     let (train, test) = try FashionMNIST.load()
///     let (training, validation) = train.split(0.9)
///     training.x.shape              // [54000, 28, 28]
public struct Dataset: Sendable {
  /// The samples, batch axis first.
  public let x: Tensor
  /// A label or target for each sample.
  public let y: Tensor
  /// What the labels 0, 1, 2, … stand for; empty if nobody said.
  public let classNames: [String]

  /// Samples and labels, which must be equally many. If classes have names, each whole label must have one.
  public init(x: Tensor, y: Tensor, classNames: [String] = []) throws {
    guard x.rank > 0, y.rank > 0, x.shape[0] == y.shape[0] else {
      throw ModelError(
        .shape, at: "Dataset", "x of shape \(x.shape) and y of shape \(y.shape) do not hold equally many samples")
    }
    if !classNames.isEmpty, y.elementType != .float32, y.rank == 1 {
      if let label = y.integers.first(where: { !classNames.indices.contains($0) }) {
        throw ModelError(
          .labels, at: "Dataset", "label \(label) has no name; there are \(classNames.count) class names")
      }
    }
    self.init(checked: x, y, classNames)
  }

  private init(checked x: Tensor, _ y: Tensor, _ classNames: [String]) {
    (self.x, self.y, self.classNames) = (x, y, classNames)
  }

  /// Images and labels in two IDX files, the format of MNIST, plain or gzipped. Labels become `int32`.
  public init(idxImages images: String, labels: String, classNames: [String] = []) throws {
    let x = try Tensor(idx: images)
    let y = try Tensor(idx: labels)
    guard x.rank >= 3 else {
      let hint = x.rank == 1 && y.rank >= 3 ? "; are images and labels exchanged?" : ""
      throw ModelError(.file, at: images, "has the shape \(x.shape), expected images [count, height, width]\(hint)")
    }
    guard y.rank == 1, y.elementType != .float32 else {
      throw ModelError(.file, at: labels, "has the shape \(y.shape) of \(y.elementType), expected labels [count]")
    }
    guard x.shape[0] == y.shape[0] else {
      throw ModelError(.file, at: labels, "has \(y.shape[0]) labels, but \(images) has \(x.shape[0]) images")
    }
    try self.init(x: x, y: y.converted(to: .int32), classNames: classNames)
  }

  /// The number of samples.
  public var count: Int { x.shape[0] }

  /// Whether there is no sample.
  public var isEmpty: Bool { count == 0 }

  /// Some consecutive samples.
  public subscript(_ range: Range<Int>) -> Dataset { Dataset(checked: x[range], y[range], classNames) }

  /// The first `length` samples, or all if there are fewer.
  public func prefix(_ length: Int) -> Dataset { Dataset(checked: x.prefix(length), y.prefix(length), classNames) }

  /// The last `length` samples, or all if there are fewer.
  public func suffix(_ length: Int) -> Dataset { Dataset(checked: x.suffix(length), y.suffix(length), classNames) }

  /// The samples at these positions, in this order.
  public func gathered(_ positions: [Int]) -> Dataset {
    Dataset(checked: x.gathered(positions), y.gathered(positions), classNames)
  }

  /// The samples in random order. Without a seed it follows from ``setRandomSeed(_:)``.
  public func shuffled(seed: UInt64? = nil) -> Dataset {
    let random = RandomSource(seed: seed ?? RandomSource.nextSeed())
    return gathered(random.permutation(count).map { Int($0) })
  }

  /// With samples and labels replaced by what `transform` makes of them.
  public func map(_ transform: (_ x: Tensor, _ y: Tensor) throws -> (x: Tensor, y: Tensor)) throws -> Dataset {
    let (x, y) = try transform(x, y)
    return try Dataset(x: x, y: y, classNames: classNames)
  }
}

extension Dataset: CustomStringConvertible {
  public var description: String {
    "Dataset of \(count) samples: x \(x.elementType) \(x.shape), y \(y.elementType) \(y.shape)"
      + (classNames.isEmpty ? "" : ", \(classNames.count) classes")
  }
}
