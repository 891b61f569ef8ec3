import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftTraining

extension Model {
  /// Writes the model as a Swift program of one file, with its weights, that needs neither DeepSwift nor Foundation.
  ///
  /// The file has one public function, for one sample: `predict(_ input: [Float]) -> [Float]`. With several inputs each has its
  /// name, with several outputs they come as a tuple. Dense and convolutional nets can be written; other operations are an error
  /// that names them.
  ///
  /// - Parameter function: what the function is called, so that a program can have several models.
  public func exportSwift(to path: String, function: String = "predict") throws {
    let text = try SwiftTranslation(of: self, function: function, path: path).text
    try Files.write(Array(text.utf8), to: path)
  }
}

/// A model's expression as a Swift program.
struct SwiftTranslation {
  let text: String

  init(of model: Model, function: String, path: String) throws {
    guard SwiftLiteral.identifier(function) == function, !SwiftLiteral.isKeyword(function),
      !SwiftFunction.all.contains(where: { $0.name == function })
    else {
      throw ModelError(.argument, at: path, "\"\(function)\" cannot be the function's name; use a word of letters and digits")
    }
    let source = try InferenceGraph(model)
    try source.check(
      "The exported Swift", path: path,
      remedy: "It knows dense and convolutional nets; exportONNX(to:) knows more."
    ) { $0 is any SwiftOp }
    var program = SwiftProgram(function: function)
    program.addInputs(source.expression.inputs, model.inputNames)
    for node in source.nodes where program.isUnknown(node) {
      let layer = source.expression.layer(of: node)?.name
      switch node.op {
      case let op as ParameterOp: program.addConstant(node, op.parameter.path, SwiftLiteral.values(op.parameter.view))
      case let op as ConstantOp:
        program.addConstant(
          node, "\(layer ?? "")/constant", SwiftLiteral.values(Tensor(op.values, shape: op.dimensions)))
      case let op as any SwiftOp: try program.addStep(node, source.inputs(of: node), layer ?? "value", op.swift)
      default: preconditionFailure("\(node.op.title) passed the check, but has no form")
      }
    }
    text = program.text(
      model: model.name ?? "model", inputs: zip(model.inputNames, source.expression.inputs).map { ($0, $1) },
      outputs: zip(model.outputNames, source.outputs).map { ($0, $1) })
  }
}
