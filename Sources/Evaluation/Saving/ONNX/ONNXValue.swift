import DeepSwiftEngine

/// A value in an ONNX graph.
struct ONNXValue {
  /// The order of an image's axes. ONNX's convolutions want channels first; what comes after them stays so while it can.
  enum Order { case channelsLast, channelsFirst }

  let name: String
  /// The shape of one sample with channels last, however the value is ordered.
  let shape: Shape
  /// Whether an axis of samples stands in front of the others.
  let hasBatch: Bool
  var order = Order.channelsLast
  /// The numbers, where they are known now.
  var numbers: Tensor?

  /// The place of a sample's axis among the value's axes.
  func place(ofAxis axis: Int) -> Int { order == .channelsFirst ? [2, 3, 1][axis] : hasBatch ? axis + 1 : axis }
}

extension ONNXGraph {
  /// Adds an operator and describes what it gives.
  func value(
    _ type: String, _ inputs: [String], _ attributes: [ONNXAttribute] = [], shape: Shape, hasBatch: Bool,
    order: ONNXValue.Order = .channelsLast
  ) -> ONNXValue {
    ONNXValue(name: add(type, inputs, attributes), shape: shape, hasBatch: hasBatch, order: order)
  }

  /// The value with its axes in the order of its shape.
  func channelsLast(_ x: ONNXValue) -> ONNXValue { ordered(x, .channelsLast, [0, 2, 3, 1]) }

  /// Images [batch, channels, height, width].
  func channelsFirst(_ x: ONNXValue) -> ONNXValue { ordered(x, .channelsFirst, [0, 3, 1, 2]) }

  private func ordered(_ x: ONNXValue, _ order: ONNXValue.Order, _ permutation: [Int]) -> ONNXValue {
    guard x.order != order else { return x }
    if let known = reordered[x.name] { return known }
    let y = value("Transpose", [x.name], [.ints("perm", permutation)], shape: x.shape, hasBatch: true, order: order)
    reordered[x.name] = y
    reordered[y.name] = x
    return y
  }

  /// The same elements under another shape.
  func reshaped(_ x: ONNXValue, _ shape: Shape) -> ONNXValue {
    let x = channelsLast(x)
    guard shape != x.shape else { return x }
    if let numbers = x.numbers { return constant("\(x.name)/reshaped", numbers.reshaped(shape)) }
    let target = x.hasBatch ? [-1] + shape.dimensions : shape.dimensions
    return value("Reshape", [x.name, integers(target)], shape: shape, hasBatch: x.hasBatch)
  }

  /// The axes of a sample in another order.
  func transposed(_ x: ONNXValue, _ order: [Int]) -> ONNXValue {
    let x = channelsLast(x), shape = Shape(order.map { x.shape[$0] })
    if let numbers = x.numbers { return constant("\(x.name)/transposed", numbers.transposed(order)) }
    let permutation = x.hasBatch ? [0] + order.map { $0 + 1 } : order
    return value("Transpose", [x.name], [.ints("perm", permutation)], shape: shape, hasBatch: x.hasBatch)
  }

  /// A value that all samples share, as a batch of one, for operators that know nothing else.
  func batched(_ x: ONNXValue) -> ONNXValue {
    x.hasBatch ? x : value("Unsqueeze", [x.name, integers([0])], shape: x.shape, hasBatch: true)
  }

  /// The way back from a batch of one.
  func shared(_ y: ONNXValue, if isShared: Bool) -> ONNXValue {
    isShared ? value("Squeeze", [channelsLast(y).name, integers([0])], shape: y.shape, hasBatch: false) : y
  }

  /// A value that all samples share, once for each sample of another value.
  func repeated(_ x: ONNXValue, asOftenAs other: ONNXValue) -> ONNXValue {
    guard !x.hasBatch else { return x }
    let batch = add("Shape", [other.name], [.int("start", 0), .int("end", 1)])
    let shape = x.shape.rank == 0 ? batch : add("Concat", [batch, integers(x.shape.dimensions)], [.int("axis", 0)])
    return value("Expand", [x.name, shape], shape: x.shape, hasBatch: true)
  }

  /// An operator that works element by element on values whose shapes are broadcast to `shape`, sample by sample.
  func elementwise(_ type: String, _ operands: [ONNXValue], shape: Shape) -> ONNXValue {
    let hasBatch = operands.contains(where: \.hasBatch)
    if operands.contains(where: { $0.order == .channelsFirst }), operands.allSatisfy(canStandChannelsFirst) {
      return value(type, operands.map { channelsFirstOperand($0).name }, shape: shape, hasBatch: true, order: .channelsFirst)
    }
    let names = operands.map { operand in
      // Samples with fewer axes get ones behind the batch.
      guard operand.hasBatch, operand.shape.rank < shape.rank else { return channelsLast(operand).name }
      let ones = Array(repeating: 1, count: shape.rank - operand.shape.rank)
      return reshaped(operand, Shape(ones + operand.shape.dimensions)).name
    }
    return value(type, names, shape: shape, hasBatch: hasBatch)
  }

  private func canStandChannelsFirst(_ x: ONNXValue) -> Bool {
    x.shape.rank == 3 || !x.hasBatch && x.shape.rank <= 1
  }

  private func channelsFirstOperand(_ x: ONNXValue) -> ONNXValue {
    if x.hasBatch { return channelsFirst(x) }
    switch x.shape.rank {
    case 3: return transposed(x, [2, 0, 1])
    case 1: return reshaped(x, [x.shape[0], 1, 1])
    default: return x
    }
  }

  /// A function of each element.
  func unary(_ type: String, _ x: ONNXValue, _ attributes: [ONNXAttribute] = []) -> ONNXValue {
    value(type, [x.name], attributes, shape: x.shape, hasBatch: x.hasBatch, order: x.order)
  }

  /// A function of each element and one number.
  func binary(_ type: String, _ x: ONNXValue, _ number: Float) -> ONNXValue {
    value(type, [x.name, self.number(number)], shape: x.shape, hasBatch: x.hasBatch, order: x.order)
  }

  func cast(_ x: ONNXValue, to type: ONNXType) -> ONNXValue { unary("Cast", x, [.int("to", type.rawValue)]) }
}
