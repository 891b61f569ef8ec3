import DeepSwiftEngine

extension UnaryOp: ONNXOp {
  func onnx(_ site: ONNXSite) -> ONNXValue {
    let graph = site.graph, x = site.x
    return switch function {
    case .relu: graph.unary("Relu", x)
    case .sigmoid: graph.unary("Sigmoid", x)
    case .tanh: graph.unary("Tanh", x)
    case .exp: graph.unary("Exp", x)
    case .log: graph.unary("Log", x)
    case .squareRoot: graph.unary("Sqrt", x)
    case .absolute: graph.unary("Abs", x)
    case .negative: graph.unary("Neg", x)
    case .square: graph.elementwise("Mul", [x, x], shape: x.shape)
    case .reciprocal: graph.unary("Reciprocal", x)
    case .erf: graph.unary("Erf", x)
    case .sign: graph.unary("Sign", x)
    case .softplus: graph.unary("Softplus", x)
    case .log1p: graph.unary("Log", graph.binary("Add", x, 1))
    case .expm1: graph.binary("Sub", graph.unary("Exp", x), 1)
    case .sine: graph.unary("Sin", x)
    case .cosine: graph.unary("Cos", x)
    case .floor: graph.unary("Floor", x)
    case .round: graph.unary("Round", x)
    }
  }
}

extension AffineOp: ONNXOp {
  func onnx(_ site: ONNXSite) -> ONNXValue {
    let scaled = scale == 1 ? site.x : site.graph.binary("Mul", site.x, scale)
    return offset == 0 ? scaled : site.graph.binary("Add", scaled, offset)
  }
}

extension BinaryOp: ONNXOp {
  func onnx(_ site: ONNXSite) -> ONNXValue {
    if function == .add, let sum = biased(site) { return sum }
    let graph = site.graph
    func result(_ type: String) -> ONNXValue { graph.elementwise(type, site.inputs, shape: site.shape) }
    // Comparisons give truth values there, and numbers here.
    func number(_ truth: ONNXValue) -> ONNXValue { graph.cast(truth, to: .float) }
    return switch function {
    case .add: result("Add")
    case .subtract: result("Sub")
    case .multiply: result("Mul")
    case .divide: result("Div")
    case .maximum: result("Max")
    case .minimum: result("Min")
    case .power: result("Pow")
    case .less: number(result("Less"))
    case .lessOrEqual: number(result("LessOrEqual"))
    case .equal: number(result("Equal"))
    case .notEqual: number(graph.unary("Not", result("Equal")))
    case .greater: number(result("Greater"))
    case .greaterOrEqual: number(result("GreaterOrEqual"))
    }
  }

  /// A convolution, or a product of a vector, that takes its bias with it.
  private func biased(_ site: ONNXSite) -> ONNXValue? {
    for (product, bias) in [(0, 1), (1, 0)] {
      let (y, b) = (site.inputs[product], site.inputs[bias])
      guard y.hasBatch, site.usesAlone[product], b.numbers != nil, b.shape == [y.shape.last] else { continue }
      if site.graph.addInput(b.name, to: y, ofType: "Conv", as: "Conv") { return y }
      if y.shape.rank == 1, site.graph.addInput(b.name, to: y, ofType: "MatMul", as: "Gemm") { return y }
    }
    return nil
  }
}

extension SelectOp: ONNXOp {
  func onnx(_ site: ONNXSite) -> ONNXValue {
    let condition = site.graph.cast(site.x, to: .bool)
    return site.graph.elementwise("Where", [condition] + site.inputs.dropFirst(), shape: site.shape)
  }
}

extension SoftmaxOp: ONNXOp {
  func onnx(_ site: ONNXSite) -> ONNXValue { site.alongLastAxis("Softmax") }
}

extension LogSoftmaxOp: ONNXOp {
  func onnx(_ site: ONNXSite) -> ONNXValue { site.alongLastAxis("LogSoftmax") }
}

extension ONNXSite {
  fileprivate func alongLastAxis(_ type: String) -> ONNXValue {
    // A single number is all of its axis.
    guard shape.rank > 0 else {
      let line = graph.reshaped(x, [1])
      return graph.reshaped(graph.unary(type, line, [.int("axis", -1)]), [])
    }
    return graph.unary(type, x, [.int("axis", x.place(ofAxis: shape.rank - 1))])
  }
}
