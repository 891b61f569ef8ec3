/// What an expression ends with, as far as a loss has to know.
package enum LastFunction {
  case softmax, sigmoid
  /// A product with a kernel, with or without a bias.
  case product
  case other
}

extension Node {
  package var lastFunction: LastFunction {
    if op is SoftmaxOp { return .softmax }
    if let function = op as? UnaryOp { return function.function == .sigmoid ? .sigmoid : .other }
    if let sum = op as? BinaryOp, sum.function == .add { return inputs[0].isProduct ? .product : .other }
    return isProduct ? .product : .other
  }

  private var isProduct: Bool { op is DenseProductOp || op is ConvolutionOp || op is DepthwiseConvolutionOp }
}
