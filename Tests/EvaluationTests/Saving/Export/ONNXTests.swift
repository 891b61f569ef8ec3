import DeepSwift
import DeepSwiftDatasets
import DeepSwiftTraining
import Foundation
import Testing

@testable import DeepSwiftEvaluation

/// What stands in the files. `Scripts/test-onnx` runs them.
@Suite struct ONNXTests {
  private struct Graph {
    let file, graph: ProtobufFields
    let types: [String]

    init(_ model: Model) throws {
      let folder = try TemporaryFolder(), path = folder.path("model.onnx")
      try model.exportONNX(to: path)
      file = try ProtobufFields(Files.read(path))
      graph = try #require(try file.messages(7).first)
      types = try graph.messages(1).map { $0.texts(4)[0] }
      let names = try graph.messages(1).flatMap { $0.texts(2) } + graph.messages(5).map { $0.texts(8)[0] }
      #expect(Set(names).count == names.count, "a name is taken twice")
    }

    /// Names, and the lengths of axes: those of no number by their names.
    func ports(_ field: Int) throws -> [String: [String]] {
      var ports: [String: [String]] = [:]
      for port in try graph.messages(field) {
        let tensor = try port.messages(2)[0].messages(1)[0]
        #expect(tensor.numbers(1) == [1])
        ports[port.texts(1)[0]] = try tensor.messages(2)[0].messages(1).map { $0.texts(2).first ?? "\($0.numbers(1)[0])" }
      }
      return ports
    }
  }

  @Test func aSmallFile() throws {
    let model = Sequential {
      Input(shape: [2], name: "pair")
      Dense(3, activation: .relu, name: "layer")
      Dropout(0.5)
    }
    try model.setWeights([
      "layer/kernel": Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3]), "layer/bias": Tensor([7, 8, 9], shape: [3]),
    ])
    let read = try Graph(model)
    #expect(read.file.numbers(1) == [8])
    #expect(try read.file.messages(8).map { $0.numbers(2) } == [[18]])
    #expect(try read.ports(11) == ["pair": ["batch", "2"]])
    #expect(try read.ports(12) == [model.outputNames[0]: ["batch", "3"]])
    #expect(read.types == ["Gemm", "Relu", "Identity"])
    let nodes = try read.graph.messages(1)
    #expect(nodes[0].texts(1) == ["pair", "layer/kernel", "layer/bias"])
    #expect(nodes[1].texts(1) == nodes[0].texts(2))
    let weights = try read.graph.messages(5)
    #expect(weights.map { $0.texts(8)[0] } == ["layer/kernel", "layer/bias"])
    #expect(weights.map { $0.numbers(1) } == [[2, 3], [3]])
    #expect(weights.map { $0.numbers(2) } == [[1], [1]])
    let floats = weights[1].bytes(9)[0].withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    #expect(floats == [7, 8, 9])
  }

  /// Images turn once on the way in and once on the way out.
  @Test func imagesStayTurned() throws {
    let x = Input(shape: [9, 9, 2])
    let a = Conv2D(4, kernelSize: 3, strides: 2, padding: .same, activation: .relu)(x)
    let b = BatchNormalization()(DepthwiseConv2D(kernelSize: 3, padding: .same)(a))
    let c = Activation(.swish)(Add()([a, b]) * 2 + 1)
    let y = MaxPooling2D()(Concatenate()([c, UpSampling2D(size: 1)(a)]))
    let read = try Graph(Model(inputs: x, outputs: y))
    #expect(read.types.filter { $0 == "Transpose" }.count == 2)
    #expect(read.types.first == "Transpose" && read.types.suffix(2) == ["Transpose", "Identity"])
    #expect(!read.types.contains("Reshape"))
    let convolution = try #require(try read.graph.messages(1).first { $0.texts(4) == ["Conv"] })
    var settings: [String: [Int]] = [:]
    for setting in try convolution.messages(5) { settings[setting.texts(1)[0]] = setting.numbers(8) + setting.numbers(3) }
    #expect(settings == ["kernel_shape": [3, 3], "strides": [2, 2], "dilations": [1, 1], "pads": [1, 1, 1, 1], "group": [1]])
    #expect(convolution.texts(1).count == 3)
    let kernel = try #require(try read.graph.messages(5).first { $0.texts(8)[0] == convolution.texts(1)[1] })
    #expect(kernel.numbers(1) == [4, 2, 3, 3])
  }

  @Test func zerosOnOneSide() throws {
    let model = Sequential {
      Input(shape: [8, 8, 1])
      Conv2D(1, kernelSize: 3, strides: 2, padding: .same)
    }
    let node = try #require(try Graph(model).graph.messages(1).first { $0.texts(4) == ["Conv"] })
    let pads = try #require(try node.messages(5).first { $0.texts(1) == ["pads"] })
    #expect(pads.numbers(8) == [0, 0, 1, 1])
  }

  @Test func whatTrainingAloneDoesIsLeftOut() throws {
    let model = Sequential {
      Input(shape: [4, 4, 1])
      RandomFlip()
      RandomContrast(0.3)
      Flatten()
      Lambda { stopGradient($0) }
    }
    #expect(try Graph(model).types == ["Reshape", "Identity"])
  }

  @Test func inputsThatAreOutputs() throws {
    let x = Input(shape: [3], name: "x"), unused = Input(shape: [], name: "unused")
    let read = try Graph(Model(inputs: [x, unused], outputs: [x, x + 1]))
    #expect(try read.ports(11) == ["x": ["batch", "3"], "unused": ["batch"]])
    #expect(try read.ports(12).count == 2)
    #expect(try read.ports(12)["x_output"] == ["batch", "3"])
  }

  @Test func operationsWithoutAFormAreNamed() throws {
    let folder = try TemporaryFolder(), path = folder.path("model.onnx")
    try Data("old".utf8).write(to: URL(fileURLWithPath: path))
    let model = Sequential {
      Input(shape: [4, 4, 1])
      Lambda(name: "turning") { $0.warped(by: Node(Tensor([1, 0, 0, 0, 1, 0], shape: [6]))) }
      Conv2D(1, kernelSize: 1)
      Lambda(name: "noise") { $0 + $0.randomUniform(0...1, key: 1) }
    }
    let message = spoken { try model.exportONNX(to: path) }
    #expect(message.contains(path) && message.contains("Warp in turning (Lambda), RandomUniform in noise (Lambda)"))
    #expect(!message.contains("Convolution"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
  }

  @Test func outputsWithoutABatch() throws {
    let x = Input(shape: [2]), folder = try TemporaryFolder()
    let model = Model(inputs: x, outputs: Lambda { _ in Node(Tensor([1, 2], shape: [2])) }(x))
    #expect(spoken { try model.exportONNX(to: folder.path("a.onnx")) }.contains("does not depend on the model's inputs"))
    #expect(folder.names.isEmpty)
  }

  @Test func modelsThatAreNotReady() throws {
    let folder = try TemporaryFolder()
    let waiting = Sequential { Dense(2) }
    #expect(spoken { try waiting.exportONNX(to: folder.path("a.onnx")) }.contains("does not know the shape of its input"))
    #expect(folder.names.isEmpty)
  }
}
