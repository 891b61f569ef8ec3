import DeepSwiftEngine

/// `(x - mean) / sqrt(variance)`, with numbers that were measured beforehand, or given.
///
/// ```swift
/// let model = Sequential {
///   Input(shape: [8])
///   try Normalization().adapted(to: train.x)
///   Dense(16, activation: .relu)
/// }
/// ```
/// Input and output have any shape.
/// Weights, of the lengths of the axes that are kept: `mean`, `variance`, and `count []`, which is there for Keras' files and
/// stays 0. With given numbers there are no weights.
public struct Normalization: Layer {
  public var name: String?
  /// The axes that have a mean for each place; the others share one. As in Keras, axis 0 is the batch, and 1 the first axis of a
  /// sample; negative axes count from the end. With none there is one mean for everything.
  public var axis: [Int]
  /// The means, if they are given.
  public var mean: Values?
  /// The variances, if they are given.
  public var variance: Values?
  /// Whether it turns normalized numbers back into what they were: `x · sqrt(variance) + mean`.
  public var invert: Bool

  /// What was measured: the first values of the weights.
  private var measured: Moments?

  private enum CodingKeys: String, CodingKey { case name, axis, mean, variance, invert }

  /// The layer with these settings.
  public init(
    axis: Int? = -1, mean: Values? = nil, variance: Values? = nil, invert: Bool = false, name: String? = nil
  ) {
    self.init(axes: axis.map { [$0] } ?? [], mean: mean, variance: variance, invert: invert, name: name)
  }

  /// - Parameter axes: several axes that have a mean for each place.
  public init(axes: [Int], mean: Values? = nil, variance: Values? = nil, invert: Bool = false, name: String? = nil) {
    self.name = name
    axis = axes
    self.mean = mean
    self.variance = variance
    self.invert = invert
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node {
    let kept: [Int]
    do { kept = try keptAxes(of: x.shape) } catch { return x.poisoned("\(error)") }
    let shape = Shape(kept.map { x.shape[$0] })
    let mean: Node, variance: Node
    if self.mean == nil, self.variance == nil {
      if let measured, measured.shape != shape {
        return x.poisoned("it was adapted to data with statistics of shape \(measured.shape), this input needs \(shape)")
      }
      mean = weights("mean", shape, measured.map { GivenValues($0.mean) } ?? .zeros, trainable: false)
      variance = weights("variance", shape, measured.map { GivenValues($0.variance) } ?? .ones, trainable: false)
      _ = weights("count", [], .zeros, trainable: false)
    } else {
      guard let givenMean = self.mean?.node(shape), let givenVariance = self.variance?.node(shape) else {
        return x.poisoned(
          "mean and variance are given together, one number each or \(shape.count) for shape \(shape), received "
            + "\(self.mean?.numbers.count ?? 0) and \(self.variance?.numbers.count ?? 0)")
      }
      (mean, variance) = (givenMean, givenVariance)
    }
    let spread = Shape(x.shape.dimensions.indices.map { kept.contains($0) ? x.shape[$0] : 1 })
    let deviation = maximum(sqrt(variance.reshaped(spread)), 1e-7), middle = mean.reshaped(spread)
    return invert ? middle + x * deviation : (x - middle) / deviation
  }

  /// The axes of a sample that have a mean for each place, in order.
  private func keptAxes(of shape: Shape) throws -> [Int] {
    let kept = try axis.map { axis in
      guard axis != 0, let place = shape.normalized(axis: axis > 0 ? axis - 1 : axis) else {
        throw ModelError(
          .shape, "axis \(axis) is none of a sample of shape \(shape); axis 0 is the batch, 1 the first of a sample")
      }
      return place
    }
    return Set(kept).sorted()
  }
}

// MARK: - Measuring

extension Normalization {
  /// Measures mean and variance of some data, the first axis counting samples. Weights that are made from now on have them.
  public mutating func adapt(_ data: Tensor) throws { try adapt(to: [data]) }

  /// The layer with mean and variance of some data, the first axis counting samples.
  public func adapted(to data: Tensor) throws -> Normalization {
    var copy = self
    try copy.adapt(data)
    return copy
  }

  /// Measures mean and variance of data that come in batches.
  package mutating func adapt(to batches: some Sequence<Tensor>) throws {
    guard mean == nil, variance == nil else {
      throw ModelError(.argument, at: "Normalization", "mean and variance are given; there is nothing to adapt")
    }
    var moments: Moments?
    for batch in batches {
      guard batch.rank > 0, batch.count > 0 else {
        throw ModelError(.shape, at: "Normalization", "adapt needs samples, received data of shape \(batch.shape)")
      }
      let sample = Shape(Array(batch.shape.dimensions.dropFirst()))
      let kept: [Int]
      do { kept = try keptAxes(of: sample) } catch let error as ModelError {
        throw ModelError(error.kind, at: "Normalization", error.message)
      }
      if moments == nil { moments = Moments(shape: Shape(kept.map { sample[$0] })) }
      try moments!.add(batch, sample: sample, kept: kept)
    }
    guard let moments else { throw ModelError(.argument, at: "Normalization", "adapt needs data, received none") }
    guard moments.means.allSatisfy(\.isFinite), moments.squares.allSatisfy(\.isFinite) else {
      throw ModelError(.notANumber, at: "Normalization", "adapt needs numbers; the data hold NaN or infinities")
    }
    measured = moments
  }

  /// Count, mean and squared distance from the mean for each place, in double precision.
  private struct Moments: Sendable {
    let shape: Shape
    var count = 0.0
    var means: [Double], squares: [Double]

    init(shape: Shape) {
      self.shape = shape
      means = Array(repeating: 0, count: shape.count)
      squares = means
    }

    var mean: [Float] { means.map { Float($0) } }
    var variance: [Float] { squares.map { Float($0 / count) } }

    mutating func add(_ batch: Tensor, sample: Shape, kept: [Int]) throws {
      guard Shape(kept.map { sample[$0] }) == shape else {
        throw ModelError(
          .shape, at: "Normalization", "a batch of shape \(batch.shape) has other axes than those before, which gave \(shape)")
      }
      // The place of each element of a sample among the means.
      let strides = sample.strides
      let places = (0..<sample.count).map { index in
        zip(kept, shape.strides).reduce(0) { $0 + index / strides[$1.0] % sample[$1.0] * $1.1 }
      }
      let more = Double(batch.count / max(shape.count, 1)), total = count + more
      var batchMeans = [Double](repeating: 0, count: shape.count), spread = batchMeans
      batch.withUnsafeFloats { floats in
        for (index, value) in floats.enumerated() { batchMeans[places[index % sample.count]] += Double(value) }
        for place in batchMeans.indices { batchMeans[place] /= more }
        for (index, value) in floats.enumerated() {
          let place = places[index % sample.count], distance = Double(value) - batchMeans[place]
          spread[place] += distance * distance
        }
      }
      // Chan, Golub, LeVeque: "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979.
      for place in batchMeans.indices {
        let distance = batchMeans[place] - means[place]
        squares[place] += spread[place] + distance * distance * count * more / total
        means[place] += distance * more / total
      }
      count = total
    }
  }
}

/// First values of a weight that were measured.
private struct GivenValues: Initializer {
  var numbers: [Float]
  init(_ numbers: [Float]) { self.numbers = numbers }
  func values(shape: Shape, random: RandomSource) -> [Float] { numbers }
}

// MARK: - Given numbers

extension Normalization {
  /// One number for all places, or one for each.
  public struct Values: Hashable, Sendable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
    /// The numbers: one, or one for each place.
    public var numbers: [Float]

    /// One number for each place.
    public init(_ numbers: [Float]) { self.numbers = numbers }
    public init(floatLiteral number: Float) { numbers = [number] }
    public init(integerLiteral number: Int) { numbers = [Float(number)] }
    public init(arrayLiteral numbers: Float...) { self.numbers = numbers }

    fileprivate func node(_ shape: Shape) -> Node? {
      if numbers.count == 1 { return Node(Tensor(Array(repeating: numbers[0], count: shape.count), shape: shape)) }
      return numbers.count == shape.count ? Node(Tensor(numbers, shape: shape)) : nil
    }
  }
}

/// As in Keras' files: one number, or a list, which may hold lists.
extension Normalization.Values: Codable {
  private enum Item: Decodable {
    case number(Float), list([Item])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Float.self) {
        self = .number(number)
      } else {
        self = .list(try container.decode([Item].self))
      }
    }

    var numbers: [Float] {
      switch self {
      case .number(let number): [number]
      case .list(let items): items.flatMap(\.numbers)
      }
    }
  }

  public init(from decoder: any Decoder) throws { numbers = try Item(from: decoder).numbers }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if numbers.count == 1 { try container.encode(numbers[0]) } else { try container.encode(numbers) }
  }
}
