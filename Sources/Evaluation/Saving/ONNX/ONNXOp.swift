import DeepSwiftEngine

/// An operation that ONNX has a form for.
protocol ONNXOp: Op {
  func onnx(_ site: ONNXSite) throws -> ONNXValue
}

/// What an operation finds when it is written as ONNX.
struct ONNXSite {
  let graph: ONNXGraph
  let inputs: [ONNXValue]
  /// The shape of one sample of the result.
  let shape: Shape
  /// Whether nobody but this operation uses an input.
  let usesAlone: [Bool]

  /// The first input.
  var x: ONNXValue { inputs[0] }
}
