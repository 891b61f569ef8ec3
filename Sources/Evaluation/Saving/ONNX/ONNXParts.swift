import DeepSwiftEngine

// The parts of an ONNX file as messages. The numbers of fields are those of onnx.proto.

/// A setting of an operator.
struct ONNXAttribute {
  enum Value {
    case int(Int)
    case ints([Int])
    case float(Float)
    case text(String)
  }

  let name: String
  let value: Value

  static func int(_ name: String, _ number: Int) -> Self { Self(name: name, value: .int(number)) }
  static func ints(_ name: String, _ numbers: [Int]) -> Self { Self(name: name, value: .ints(numbers)) }
  static func float(_ name: String, _ number: Float) -> Self { Self(name: name, value: .float(number)) }
  static func text(_ name: String, _ text: String) -> Self { Self(name: name, value: .text(text)) }

  var message: Protobuf {
    var message = Protobuf()
    message.add(1, name)
    switch value {
    case .float(let number):
      message.add(2, number)
      message.add(20, 1)
    case .int(let number):
      message.add(3, number)
      message.add(20, 2)
    case .text(let text):
      message.add(4, text)
      message.add(20, 3)
    case .ints(let numbers):
      numbers.forEach { message.add(8, $0) }
      message.add(20, 7)
    }
    return message
  }
}

/// An operator in its place. An empty name among inputs or outputs is one that is left out.
struct ONNXNode {
  let name: String
  var type: String
  var inputs, outputs: [String]
  let attributes: [ONNXAttribute]

  var message: Protobuf {
    var message = Protobuf()
    inputs.forEach { message.add(1, $0) }
    outputs.forEach { message.add(2, $0) }
    message.add(3, name)
    message.add(4, type)
    attributes.forEach { message.add(5, $0.message) }
    return message
  }
}

/// The types of elements that are used, by their numbers.
enum ONNXType: Int { case float = 1, int64 = 7, bool = 9 }

/// Numbers that stand in the file.
struct ONNXConstant {
  enum Numbers {
    case floats(Tensor)
    case integers([Int])
  }

  let name: String
  let numbers: Numbers

  var message: Protobuf {
    var message = Protobuf()
    switch numbers {
    case .floats(let tensor):
      tensor.shape.dimensions.forEach { message.add(1, $0) }
      message.add(2, ONNXType.float.rawValue)
      message.add(8, name)
      message.add(9, raw: tensor)
    case .integers(let integers):
      message.add(1, integers.count)
      message.add(2, ONNXType.int64.rawValue)
      message.add(8, name)
      message.add(9, raw: integers)
    }
    return message
  }
}

/// An input or output of the model, of any number of samples.
struct ONNXPort {
  let name: String
  let shape: Shape

  var message: Protobuf {
    var dimensions = Protobuf(), batch = Protobuf()
    batch.add(2, "batch")
    dimensions.add(1, batch)
    for length in shape.dimensions {
      var dimension = Protobuf()
      dimension.add(1, length)
      dimensions.add(1, dimension)
    }
    var tensor = Protobuf(), type = Protobuf(), message = Protobuf()
    tensor.add(1, ONNXType.float.rawValue)
    tensor.add(2, dimensions)
    type.add(1, tensor)
    message.add(1, name)
    message.add(2, type)
    return message
  }
}
