import DeepSwiftEngine

/// A vector for each of `inputDimension` whole numbers.
///
/// ```swift
/// // 80 numbers of words, [80], become [80, 64]
/// Embedding(10_000, 64)
/// ```
/// Input any shape of numbers in `0..<inputDimension`, output `[…, outputDimension]`.
/// Weights: `embeddings [inputDimension, outputDimension]`.
public struct Embedding: Layer {
  public var name: String?
  /// How many different numbers there are to look up.
  public var inputDimension: Int
  /// The length of the vector of each.
  public var outputDimension: Int
  /// The first values of the vectors.
  @Coded public var embeddingsInitializer: any Initializer
  /// What the vectors add to the loss.
  @Coded public var embeddingsRegularizer: (any Regularizer)?
  /// What the output adds to the loss.
  @Coded public var activityRegularizer: (any Regularizer)?

  /// The layer with these settings.
  public init(
    _ inputDimension: Int, _ outputDimension: Int, embeddingsInitializer: any Initializer = .randomUniform,
    embeddingsRegularizer: (any Regularizer)? = nil, activityRegularizer: (any Regularizer)? = nil, name: String? = nil
  ) {
    self.name = name
    self.inputDimension = inputDimension
    self.outputDimension = outputDimension
    self.embeddingsInitializer = embeddingsInitializer
    self.embeddingsRegularizer = embeddingsRegularizer
    self.activityRegularizer = activityRegularizer
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node {
    let table = weights(
      "embeddings", [inputDimension, outputDimension], embeddingsInitializer, regularizer: embeddingsRegularizer)
    return table.gathered(x).regularized(by: activityRegularizer, weights)
  }
}
