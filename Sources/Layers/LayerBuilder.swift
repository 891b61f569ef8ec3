import DeepSwiftEngine

/// Collects the layers of a `Sequential`, with conditions and loops.
@resultBuilder public enum LayerBuilder {
  /// A line of the braces: a layer.
  public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }
  /// A line of the braces: a layer, or several.
  public static func buildExpression(_ layers: [any Layer]) -> [any Layer] { layers }
  /// `Input(shape:)` at the head of the list.
  public static func buildExpression(_ input: Node) -> [any Layer] { [InputLayer(input)] }
  /// All lines of the braces.
  public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { parts.flatMap { $0 } }
  /// `if` without `else`.
  public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }
  /// `if`.
  public static func buildEither(first part: [any Layer]) -> [any Layer] { part }
  /// `else`.
  public static func buildEither(second part: [any Layer]) -> [any Layer] { part }
  /// `for`.
  public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { parts.flatMap { $0 } }
  /// `if #available`.
  public static func buildLimitedAvailability(_ part: [any Layer]) -> [any Layer] { part }
}

/// Says which samples a `Sequential` takes, so that its weights can be made before the first data come.
public struct InputLayer: Layer {
  public var name: String?
  /// The shape of one sample.
  public var shape: Shape

  /// Says what one sample looks like.
  public init(shape: Shape, name: String? = nil) {
    self.shape = shape
    self.name = name
  }

  /// Of a node made by `Input(shape:)`.
  package init(_ node: Node) {
    let input = node.op as? InputOp
    shape = node.shape
    name = input?.key.name
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node { x }
}
