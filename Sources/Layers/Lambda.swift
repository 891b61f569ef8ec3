import DeepSwiftEngine

/// An expression of one's own without weights: `Lambda { $0 * sigmoid($0) }`.
///
/// A function cannot be stored. To save a model, write the expression as a `Layer` of its own.
public struct Lambda: Layer {
  public var name: String?
  private let function: (Node) -> Node

  /// A layer of the function.
  public init(name: String? = nil, _ function: @escaping (Node) -> Node) {
    self.name = name
    self.function = function
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node { function(x) }
}

extension Lambda: Codable {
  public init(from decoder: any Decoder) throws {
    throw DecodingError.dataCorrupted(
      .init(codingPath: decoder.codingPath, debugDescription: "a Lambda holds a function and cannot be read from a file"))
  }

  public func encode(to encoder: any Encoder) throws {
    throw EncodingError.invalidValue(
      self,
      .init(
        codingPath: encoder.codingPath,
        debugDescription: "a Lambda holds a function and cannot be stored; make it a Layer of its own: a struct with a forward"))
  }
}
