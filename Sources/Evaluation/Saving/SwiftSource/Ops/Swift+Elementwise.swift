import DeepSwiftEngine

extension UnaryOp: SwiftOp {
  func swift(_ site: SwiftSite) -> String {
    let name =
      switch function {
      case .relu: "relu"
      case .sigmoid: "sigmoid"
      case .tanh: "hyperbolicTangent"
      case .exp: "exponential"
      case .log: "logarithm"
      case .squareRoot: "squareRoot"
      case .absolute: "absolute"
      case .negative: "negative"
      case .square: "square"
      case .reciprocal: "reciprocal"
      case .erf: "errorFunction"
      case .sign: "signum"
      case .softplus: "softplus"
      case .log1p: "logarithm1p"
      case .expm1: "exponentialM1"
      case .sine: "sine"
      case .cosine: "cosine"
      case .floor: "roundedDown"
      case .round: "rounded"
      }
    return "\(name)(\(site.x))"
  }
}

extension BinaryOp: SwiftOp {
  func swift(_ site: SwiftSite) -> String {
    let name =
      switch function {
      case .add: "add"
      case .subtract: "subtract"
      case .multiply: "multiply"
      case .divide: "divide"
      case .maximum: "larger"
      case .minimum: "smaller"
      case .power: "power"
      case .less: "isLess"
      case .lessOrEqual: "isLessOrEqual"
      case .equal: "isEqual"
      case .notEqual: "isNotEqual"
      case .greater: "isGreater"
      case .greaterOrEqual: "isGreaterOrEqual"
      }
    return "\(name)(\(site.names[0]), \(site.names[1]))"
  }
}

extension AffineOp: SwiftOp {
  func swift(_ site: SwiftSite) -> String {
    "scaled(\(site.x), by: \(SwiftLiteral.number(scale)), plus: \(SwiftLiteral.number(offset)))"
  }
}

extension SelectOp: SwiftOp {
  func swift(_ site: SwiftSite) -> String { "chosen(\(site.names.joined(separator: ", ")))" }
}

extension SoftmaxOp: SwiftOp {
  func swift(_ site: SwiftSite) -> String { "softmax(\(site.x))" }
}

extension LogSoftmaxOp: SwiftOp {
  func swift(_ site: SwiftSite) -> String { "logSoftmax(\(site.x))" }
}

extension LayerNormalizationOp: SwiftOp {
  func swift(_ site: SwiftSite) -> String {
    "layerNormalized(\(site.x), gamma: \(site.names[1]), beta: \(site.names[2]), epsilon: \(SwiftLiteral.number(epsilon)))"
  }
}

extension BatchNormalizationOp: SwiftOp {
  func swift(_ site: SwiftSite) -> String {
    "normalized(\(site.x), gamma: \(site.names[1]), beta: \(site.names[2]), mean: \(site.names[3]), "
      + "variance: \(site.names[4]), epsilon: \(SwiftLiteral.number(epsilon)))"
  }
}
