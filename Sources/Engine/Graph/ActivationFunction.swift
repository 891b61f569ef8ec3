/// A function that a layer applies to each of its outputs.
///
/// ```swift
/// Dense(64, activation: .gelu)
/// Dense(64, activation: ActivationFunction("double") { 2 * $0 })
/// ```
public struct ActivationFunction: Sendable {
  /// Keras' name for it.
  public let name: String
  /// The numbers that it was made with, by Keras' names.
  public let parameters: [String: Float]
  private let function: @Sendable (Node) -> Node

  /// A function by its name, its settings and what it makes of a node.
  public init(_ name: String, _ parameters: [String: Float] = [:], _ function: @escaping @Sendable (Node) -> Node) {
    self.name = name
    self.parameters = parameters
    self.function = function
  }

  /// The function of a node.
  public func callAsFunction(_ x: Node) -> Node { function(x) }
}

// The formulas are Keras'.
extension ActivationFunction {
  /// `x` as it is.
  public static let linear = ActivationFunction("linear") { $0 }
  /// `max(x, 0)`.
  public static let relu = ActivationFunction("relu") { DeepSwiftEngine.relu($0) }
  /// `x` cut to 0…6.
  public static let relu6 = ActivationFunction("relu6") { clip($0, 0, 6) }
  /// `1 / (1 + exp(-x))`.
  public static let sigmoid = ActivationFunction("sigmoid") { DeepSwiftEngine.sigmoid($0) }
  /// The hyperbolic tangent.
  public static let tanh = ActivationFunction("tanh") { DeepSwiftEngine.tanh($0) }
  /// `exp(x) / Σ exp(x)` along the last axis.
  public static let softmax = ActivationFunction("softmax") { DeepSwiftEngine.softmax($0) }
  /// The logarithm of the softmax along the last axis.
  public static let logSoftmax = ActivationFunction("log_softmax") { DeepSwiftEngine.logSoftmax($0) }
  /// `log(1 + exp(x))`.
  public static let softplus = ActivationFunction("softplus") { DeepSwiftEngine.softplus($0) }
  /// `x / (1 + |x|)`.
  public static let softsign = ActivationFunction("softsign") { $0 / (1 + abs($0)) }
  /// `exp(x)`.
  public static let exponential = ActivationFunction("exponential") { exp($0) }
  /// `x` above 0, `exp(x) - 1` below.
  public static let elu = elu(alpha: 1)
  /// `x` above 0, `exp(x) - 1` below.
  public static let celu = celu(alpha: 1)
  /// `1.0507 · elu(x)` with `alpha` 1.6733.
  public static let selu = ActivationFunction("selu") { 1.0507009873554805 * elu(alpha: 1.6732632423543772)($0) }
  /// `x` above 0, `0.2 · x` below.
  public static let leakyRelu = leakyRelu(negativeSlope: 0.2)
  /// `x Φ(x)`, with the error function.
  public static let gelu = ActivationFunction("gelu") { 0.5 * $0 * (1 + erf($0 * Float(0.5).squareRoot())) }
  /// `x Φ(x)`, approximated with tanh.
  public static let geluApproximate = ActivationFunction("gelu_tanh") { x in
    0.5 * x * (1 + DeepSwiftEngine.tanh((2 / Float.pi).squareRoot() * (x + 0.044715 * x * square(x))))
  }
  /// `x · sigmoid(x)`.
  public static let silu = ActivationFunction("silu") { $0 * DeepSwiftEngine.sigmoid($0) }
  /// `x · sigmoid(x)`, the other name of ``silu``.
  public static let swish = silu
  /// `x · tanh(softplus(x))`.
  public static let mish = ActivationFunction("mish") { $0 * DeepSwiftEngine.tanh(DeepSwiftEngine.softplus($0)) }
  /// `x / 6 + 0.5` cut to 0…1.
  public static let hardSigmoid = ActivationFunction("hard_sigmoid") { clip($0 / 6 + 0.5, 0, 1) }
  /// `x · hardSigmoid(x)`.
  public static let hardSilu = ActivationFunction("hard_silu") { $0 * clip($0 / 6 + 0.5, 0, 1) }
  /// `x · hardSigmoid(x)`, the other name of ``hardSilu``.
  public static let hardSwish = hardSilu
  /// `x` cut to -1…1.
  public static let hardTanh = ActivationFunction("hard_tanh") { clip($0, -1, 1) }
  /// The logarithm of the sigmoid.
  public static let logSigmoid = ActivationFunction("log_sigmoid") { -DeepSwiftEngine.softplus(-$0) }
  /// `x - tanh(x)`.
  public static let tanhShrink = ActivationFunction("tanh_shrink") { $0 - DeepSwiftEngine.tanh($0) }
  /// `x` moved toward 0 by 0.5, and 0 within it.
  public static let softShrink = softShrink(threshold: 0.5)
  /// `x` outside of ±0.5, 0 within it.
  public static let hardShrink = hardShrink(threshold: 0.5)
  /// `(x + √(x² + 4)) / 2`.
  public static let squareplus = ActivationFunction("squareplus") { ($0 + sqrt(square($0) + 4)) / 2 }
  /// 0 below -1, `(x + 1)² / 4` up to 1, `x` above.
  public static let sparsePlus = ActivationFunction("sparse_plus") { x in
    select(x .< -1, Node(0), select(x .> 1, x, square(x + 1) / 4))
  }
  /// `(x + 1) / 2` cut to 0…1.
  public static let sparseSigmoid = ActivationFunction("sparse_sigmoid") { clip(($0 + 1) / 2, 0, 1) }

  /// `x` above 0, `negativeSlope · x` below.
  public static func leakyRelu(negativeSlope: Float) -> ActivationFunction {
    ActivationFunction("leaky_relu", ["negative_slope": negativeSlope]) { maximum($0, 0) + negativeSlope * minimum($0, 0) }
  }

  /// `x` above 0, `alpha · (exp(x) - 1)` below.
  public static func elu(alpha: Float) -> ActivationFunction {
    ActivationFunction("elu", ["alpha": alpha]) { maximum($0, 0) + alpha * expm1(minimum($0, 0)) }
  }

  /// `x` above 0, `alpha · (exp(x / alpha) - 1)` below.
  public static func celu(alpha: Float) -> ActivationFunction {
    ActivationFunction("celu", ["alpha": alpha]) { maximum($0, 0) + alpha * expm1(minimum($0, 0) / alpha) }
  }

  /// `x` moved toward 0 by `threshold`, 0 within it.
  public static func softShrink(threshold: Float) -> ActivationFunction {
    ActivationFunction("soft_shrink", ["threshold": threshold]) { maximum($0 - threshold, 0) + minimum($0 + threshold, 0) }
  }

  /// `x` outside of `±threshold`, 0 within it.
  public static func hardShrink(threshold: Float) -> ActivationFunction {
    ActivationFunction("hard_shrink", ["threshold": threshold]) { $0 * (abs($0) .> threshold) }
  }

  /// All that Keras knows by a name alone.
  public static let named: [String: ActivationFunction] = Dictionary(
    uniqueKeysWithValues: [
      linear, relu, relu6, sigmoid, tanh, softmax, logSoftmax, softplus, softsign, exponential, elu, celu, selu, leakyRelu,
      gelu, geluApproximate, silu, mish, hardSigmoid, hardSilu, hardTanh, logSigmoid, tanhShrink, softShrink, hardShrink,
      squareplus, sparsePlus, sparseSigmoid,
    ].map { ($0.name, $0) })
}

extension ActivationFunction: Codable {
  private enum Key: String, CodingKey { case name, parameters }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    let name = try values.decode(String.self, forKey: .name)
    let parameters = try values.decodeIfPresent([String: Float].self, forKey: .parameters) ?? [:]
    func parameter(_ key: String) -> Float? { parameters[key] }
    let known: ActivationFunction? =
      switch name {
      case "leaky_relu": parameter("negative_slope").map(Self.leakyRelu) ?? .leakyRelu
      case "elu": parameter("alpha").map(Self.elu) ?? .elu
      case "celu": parameter("alpha").map(Self.celu) ?? .celu
      case "soft_shrink": parameter("threshold").map(Self.softShrink) ?? .softShrink
      case "hard_shrink": parameter("threshold").map(Self.hardShrink) ?? .hardShrink
      default: Self.named[name]
      }
    guard let known else {
      throw DecodingError.dataCorruptedError(
        forKey: .name, in: values,
        debugDescription: "no activation function is called \"\(name)\"; a function of one's own cannot be stored")
    }
    self = known
  }

  public func encode(to encoder: any Encoder) throws {
    guard Self.named[name] != nil else {
      throw EncodingError.invalidValue(
        self,
        .init(
          codingPath: encoder.codingPath,
          debugDescription: "the activation function \"\(name)\" is one's own and cannot be stored; make it a layer instead"))
    }
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(name, forKey: .name)
    if !parameters.isEmpty { try values.encode(parameters, forKey: .parameters) }
  }
}
