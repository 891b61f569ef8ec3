import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftTraining

extension Model {
  /// Writes the model as an ONNX file, for `onnxruntime` and all else that reads the format.
  ///
  /// Inputs and outputs are float32, have the model's names, and begin with an axis `batch` of any length; images stay
  /// [height, width, channels]. The file has what inference computes, with weights. It is either written whole or not at all.
  public func exportONNX(to path: String) throws {
    let message = try ONNXTranslation(of: self, path: path).message
    guard message.count <= Int(Int32.max) else {
      throw ModelError(
        .file, at: path,
        "would have \(message.count) bytes; an ONNX file in one piece has at most 2 GiB. Save it as .safetensors.")
    }
    try Files.write(message.pieces, to: path)
  }
}

/// A model's expression as an ONNX graph.
struct ONNXTranslation {
  /// The version of the operators, and the version of the format that came with it.
  private static let operators = 18, format = 8

  let message: Protobuf

  init(of model: Model, path: String) throws {
    let source = try InferenceGraph(model)
    try source.check(
      "ONNX", path: path, remedy: "Leave these out of the model that is exported, or write them with other operations."
    ) { $0 is any ONNXOp }

    let inputNames = model.inputNames
    let outputNames = Self.outputNames(model)
    let graph = ONNXGraph(names: inputNames + outputNames)
    var values: [ObjectIdentifier: ONNXValue] = [:]
    for (node, name) in zip(source.expression.inputs, inputNames) {
      values[node.id] = ONNXValue(name: name, shape: node.shape, hasBatch: true)
    }
    for node in source.nodes where values[node.id] == nil {
      let layer = source.expression.layer(of: node)
      graph.prefix = layer.map { "\($0.name)/" } ?? ""
      switch node.op {
      case let op as ParameterOp: values[node.id] = graph.constant(op.parameter.path, op.parameter.view)
      case let op as ConstantOp:
        values[node.id] = graph.constant("\(graph.prefix)constant", Tensor(op.values, shape: op.dimensions))
      case let op as any ONNXOp:
        let inputs = source.inputs(of: node)
        let site = ONNXSite(
          graph: graph, inputs: inputs.map { values[$0.id]! }, shape: node.shape,
          usesAlone: inputs.map { source.useCount(of: $0) == 1 })
        values[node.id] = try op.onnx(site)
      default: preconditionFailure("\(node.op.title) passed the check, but has no form")
      }
    }
    for (node, name) in zip(source.outputs, outputNames) {
      guard let value = values[node.id], value.hasBatch else {
        throw ModelError(.argument, at: path, "output \"\(name)\" does not depend on the model's inputs, so it has no batch")
      }
      graph.give(graph.channelsLast(value), as: name)
    }
    message = Self.file(
      graph.message(
        name: model.name ?? "model",
        inputs: zip(inputNames, source.expression.inputs).map { ONNXPort(name: $0, shape: $1.shape) },
        outputs: zip(outputNames, source.outputs).map { ONNXPort(name: $0, shape: $1.shape) }))
  }

  /// An input that is handed through would be an output of the same name.
  private static func outputNames(_ model: Model) -> [String] {
    var taken = Set(model.inputNames)
    return model.outputNames.map { name in
      var name = name
      while !taken.insert(name).inserted { name += "_output" }
      return name
    }
  }

  private static func file(_ graph: Protobuf) -> Protobuf {
    var version = Protobuf(), file = Protobuf()
    version.add(1, "")
    version.add(2, operators)
    file.add(1, format)
    file.add(2, "DeepSwift")
    file.add(7, graph)
    file.add(8, version)
    return file
  }
}
