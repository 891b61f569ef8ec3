import DeepSwiftEngine

/// A program while it is written: constants, and the steps of its function.
struct SwiftProgram {
  private let function: String
  private var constants: [String] = [], steps: [String] = []
  private var names: [ObjectIdentifier: String] = [:]
  /// Nodes that are the same for all samples: they are computed once for all calls.
  private var shared: Set<ObjectIdentifier> = []
  private var taken: Set<String>

  /// What the functions use besides each other.
  private static let used = [
    "Values", "max", "min", "abs", "zip", "stride", "precondition", "expf", "logf", "tanhf", "erff", "log1pf", "expm1f", "sinf",
    "cosf", "powf",
  ]

  init(function: String) {
    self.function = function
    taken = Set(SwiftFunction.all.map(\.name) + [function] + Self.used)
  }

  func isUnknown(_ node: Node) -> Bool { names[node.id] == nil }

  /// Constants are visible to the whole file, and several models may be parts of one program.
  private mutating func unique(_ base: String) -> String {
    let base = SwiftLiteral.identifier(base)
    var name = base, number = 2
    while SwiftLiteral.isKeyword(name) || !taken.insert(name).inserted {
      name = "\(base)\(base.last?.isNumber == true ? "x" : "")\(number)"
      number += 1
    }
    return name
  }

  /// The inputs of the function, and values made of them.
  mutating func addInputs(_ nodes: [Node], _ inputNames: [String]) {
    for (node, name) in zip(nodes, inputNames) {
      let parameter = nodes.count == 1 ? "input" : SwiftLiteral.identifier(name)
      let label = taken.contains(parameter) || SwiftLiteral.isKeyword(parameter) ? unique("\(parameter)Input") : unique(parameter)
      inputLabels.append(label)
      let value = unique(nodes.count == 1 ? "x" : "\(label)Values")
      names[node.id] = value
      let shape = SwiftLiteral.list(node.shape.dimensions)
      steps.append("precondition(\(label).count == \(node.count), \"\(label) needs \(node.count) numbers, shape \(shape)\")")
      steps.append("let \(value) = Values(\(shape), \(label))")
    }
  }

  private var inputLabels: [String] = []

  mutating func addConstant(_ node: Node, _ name: String, _ value: String) {
    let name = unique(name)
    names[node.id] = name
    shared.insert(node.id)
    constants.append("private let \(name) = \(value)")
  }

  mutating func addStep(_ node: Node, _ inputs: [Node], _ name: String, _ call: (SwiftSite) throws -> String) throws {
    let site = SwiftSite(names: inputs.map { names[$0.id]! }, shapes: inputs.map(\.shape), shape: node.shape)
    let name = unique(name), line = "let \(name) = \(try call(site))"
    names[node.id] = name
    if inputs.allSatisfy({ shared.contains($0.id) }) {
      shared.insert(node.id)
      constants.append("private \(line)")
    } else {
      steps.append(line)
    }
  }

  func text(model: String, inputs: [(name: String, node: Node)], outputs: [(name: String, node: Node)]) -> String {
    var labels: Set<String> = []
    let outputLabels = outputs.map { output in
      var label = SwiftLiteral.identifier(output.name), number = 2
      while SwiftLiteral.isKeyword(label) || !labels.insert(label).inserted {
        label = "\(SwiftLiteral.identifier(output.name))Output\(number)"
        number += 1
      }
      return label
    }
    let parameters = inputLabels.map { inputs.count == 1 ? "_ \($0): [Float]" : "\($0): [Float]" }
    let results = outputLabels.map { "\($0): [Float]" }, values = outputs.map { "\(names[$0.node.id]!).numbers" }
    let type = outputs.count == 1 ? "[Float]" : "(\(results.joined(separator: ", ")))"
    let result = outputs.count == 1 ? values[0] : "(\(zip(outputLabels, values).map { "\($0): \($1)" }.joined(separator: ", ")))"
    let body = (steps + ["return \(result)"]).map { "  \($0)\n" }.joined()
    let calls = SwiftFunction.called(in: (constants + steps).joined(separator: "\n"))
    return """
      // \(Self.comment(model)), written by DeepSwift. It needs nothing but a Swift compiler:
      //
      //     swiftc -O \(function == "predict" ? "Model.swift" : "\(function).swift") main.swift

      #if canImport(Glibc)
        import Glibc
      #elseif canImport(Musl)
        import Musl
      #elseif canImport(Darwin)
        import Darwin
      #endif

      /// What the model says to one sample.
      ///
      \(inputs.enumerated().map { "/// - \(inputLabels[$0]): shape \($1.node.shape)" }.joined(separator: "\n"))
      /// - returns: \(zip(outputLabels, outputs).map { "\($0), shape \($1.node.shape)" }.joined(separator: "; "))
      public func \(function)(\(parameters.joined(separator: ", "))) -> \(type) {
      \(body)}

      // MARK: What the steps are made of

      \(SwiftFunction.base)
      \(calls.map(\.text).joined(separator: "\n"))
      // MARK: Weights

      \(constants.joined(separator: "\n"))

      """
  }

  /// A name that stays in its comment.
  private static func comment(_ name: String) -> String { name.filter { !$0.isNewline } }
}
