import DeepSwiftEngine

/// The graph of an ONNX file while it is written: operators, and the numbers that they need.
final class ONNXGraph {
  private(set) var nodes: [ONNXNode] = []
  private var constants: [ONNXConstant] = []
  private var taken: Set<String>
  /// In front of the names of what a layer adds.
  var prefix = ""
  /// Where the operator that gives a value stands.
  private var places: [String: Int] = [:]
  /// Values that were needed in another order of axes, by their names.
  var reordered: [String: ONNXValue] = [:]
  private var integerNames: [[Int]: String] = [:], floatNames: [UInt32: String] = [:]

  init(names: [String]) { taken = Set(names) }

  /// A name that nothing else has.
  func unique(_ base: String) -> String {
    var name = base, number = 1
    while !taken.insert(name).inserted {
      name = "\(base)_\(number)"
      number += 1
    }
    return name
  }

  /// Adds an operator; the name of what it gives.
  func add(_ type: String, _ inputs: [String], _ attributes: [ONNXAttribute] = []) -> String {
    add(type, inputs, attributes, gives: [true])[0]
  }

  /// Adds an operator of several outputs, of which some may be left out: their names are empty.
  func add(_ type: String, _ inputs: [String], _ attributes: [ONNXAttribute] = [], gives: [Bool]) -> [String] {
    let name = unique(prefix + type)
    let outputs = gives.enumerated().map { $1 ? ($0 == 0 ? name : unique("\(name)/\($0)")) : "" }
    for output in outputs where !output.isEmpty { places[output] = nodes.count }
    nodes.append(ONNXNode(name: name, type: type, inputs: inputs, outputs: outputs, attributes: attributes))
    return outputs
  }

  /// The numbers of a tensor under a name, or one like it.
  func constant(_ name: String, _ tensor: Tensor) -> ONNXValue {
    let name = unique(name)
    constants.append(ONNXConstant(name: name, numbers: .floats(tensor)))
    return ONNXValue(name: name, shape: tensor.shape, hasBatch: false, numbers: tensor)
  }

  /// A single number.
  func number(_ number: Float) -> String {
    if let known = floatNames[number.bitPattern] { return known }
    let name = constant("number", Tensor([number], shape: [])).name
    floatNames[number.bitPattern] = name
    return name
  }

  /// A list of whole numbers, as axes and shapes are.
  func integers(_ integers: [Int]) -> String {
    if let known = integerNames[integers] { return known }
    let name = unique("integers")
    constants.append(ONNXConstant(name: name, numbers: .integers(integers)))
    integerNames[integers] = name
    return name
  }

  /// Gives the operator behind a value one more input, if it is one of that type with two of them.
  func addInput(_ input: String, to value: ONNXValue, ofType type: String, as newType: String) -> Bool {
    guard let place = places[value.name], nodes[place].type == type, nodes[place].inputs.count == 2 else { return false }
    nodes[place].inputs.append(input)
    nodes[place].type = newType
    return true
  }

  /// Lets the model give a value under a name of the model's own.
  func give(_ value: ONNXValue, as name: String) {
    nodes.append(
      ONNXNode(name: unique("\(name)/Identity"), type: "Identity", inputs: [value.name], outputs: [name], attributes: []))
  }

  /// The message, without numbers that nobody uses.
  func message(name: String, inputs: [ONNXPort], outputs: [ONNXPort]) -> Protobuf {
    var message = Protobuf()
    nodes.forEach { message.add(1, $0.message) }
    message.add(2, name)
    let used = Set(nodes.flatMap(\.inputs))
    for constant in constants where used.contains(constant.name) { message.add(5, constant.message) }
    inputs.forEach { message.add(11, $0.message) }
    outputs.forEach { message.add(12, $0.message) }
    return message
  }
}
