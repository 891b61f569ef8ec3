import DeepSwift
import DeepSwiftEngine
import DeepSwiftTraining
import Foundation
import Testing

@Suite struct ModelFileTests {
  /// Half of a training, the file, the other half: the same bits as in one go.
  @Test(arguments: [".safetensors", ".keras"]) func trainingGoesOnExactly(_ end: String) throws {
    let folder = try TemporaryFolder(), path = folder.path("a\(end)")
    let whole = try SmallModels.regressor(), half = try SmallModels.regressor()
    try whole.fit(SmallModels.x, SmallModels.y, batchSize: 8, epochs: 3, verbose: .silent)
    try half.fit(SmallModels.x, SmallModels.y, batchSize: 8, epochs: 3, verbose: .silent)
    try half.save(to: path)
    let loaded = try Sequential.load(from: path)
    #expect(allBits(loaded) == allBits(half))
    #expect(try loaded.predict(SmallModels.x) == half.predict(SmallModels.x))
    // Keras' files have no seed: shuffling and dropout draw anew there.
    if end == ".keras" { loaded.seed = 5 }
    for model in [whole, loaded] { try model.fit(SmallModels.x, SmallModels.y, batchSize: 8, epochs: 2, verbose: .silent) }
    #expect(allBits(loaded) == allBits(whole))
    #expect(loaded.history == whole.history)
  }

  @Test func aNetworkWithEverything() throws {
    let folder = try TemporaryFolder(), path = folder.path("a.safetensors")
    let model = try SmallModels.network()
    try model.fit(SmallModels.inputs, SmallModels.targets, batchSize: 8, epochs: 2, verbose: .silent)
    try model.save(to: path)
    let loaded = try Model.load(from: path)
    #expect(try loaded.predictByName(SmallModels.inputs) == model.predictByName(SmallModels.inputs))
    for model in [model, loaded] {
      try model.fit(SmallModels.inputs, SmallModels.targets, batchSize: 8, epochs: 2, verbose: .silent)
    }
    #expect(allBits(loaded) == allBits(model))
    #expect(try !loaded.layer(named: "dense").trainable)
    #expect(
      spoken { _ = try Sequential.load(from: path) }
        == "\(path): holds a Model, not a Sequential; read it with Model.load(from:)")
  }

  /// Each model has weights of its own for a layer that several use, and a file keeps them apart.
  @Test(arguments: [".safetensors", ".keras"]) func aSharedLayerOfTwoModels(_ end: String) throws {
    let folder = try TemporaryFolder(), path = folder.path("a\(end)")
    let tower = Shared(Dense(4, name: "tower")), x = Input(shape: [4]), z = Input(shape: [4])
    let inner = Model(inputs: z, outputs: tower(tower(z)), name: "inner")
    let model = Model(inputs: x, outputs: [tower(x), inner(tower(x))])
    #expect(model.weights.names.sorted() == ["inner/tower/bias", "inner/tower/kernel", "tower/bias", "tower/kernel"])
    try model.save(to: path)
    let loaded = try Model.load(from: path)
    #expect(loaded.weights.all == model.weights.all)
    #expect(try loaded.predictByName(["input_layer": SmallModels.x]) == model.predictByName(["input_layer": SmallModels.x]))
  }

  @Test func aLearningRateSetByHandStays() throws {
    let folder = try TemporaryFolder(), path = folder.path("a.safetensors")
    let model = try SmallModels.regressor()
    model.optimizer?.learningRate = 0.0123
    try model.save(to: path)
    #expect(try Model.load(from: path).optimizer?.learningRate == 0.0123)
  }

  @Test func aModelThatIsNotCompiledStaysSo() throws {
    let folder = try TemporaryFolder(), path = folder.path("a.safetensors")
    let model = Sequential {
      Input(shape: [4])
      Dense(2)
    }
    try model.save(to: path)
    let loaded = try Model.load(from: path)
    #expect(loaded.optimizer == nil)
    #expect(try loaded.predict(SmallModels.x) == model.predict(SmallModels.x))
  }

  @Test func errorsSayWhatToDo() throws {
    let folder = try TemporaryFolder(), path = folder.path("a.safetensors")
    let model = try SmallModels.regressor()
    #expect(spoken { try model.save(to: "model.txt") }.hasPrefix("model.txt: the end of the name tells the format; it can be "))
    #expect(spoken { try model.saveWeights(to: "model.pickle") }.contains(".safetensors"))
    #expect(spoken { _ = try Model.load(from: "missing.safetensors") }.contains("missing.safetensors: cannot read: No such file"))
    try model.saveWeights(to: path)
    #expect(
      spoken { _ = try Model.load(from: path) }
        == "\(path): holds weights alone. Build the model in your program and read them with model.loadWeights(from:).")
    let vague = Sequential { Dense(2) }
    #expect(spoken { try vague.save(to: folder.path("b.safetensors")) }.contains("does not know the shape of its input"))
    let lambda = Sequential {
      Input(shape: [4])
      Lambda { $0 * 2 }
    }
    #expect(spoken { try lambda.save(to: folder.path("b.safetensors")) }.contains("Lambda"))
    #expect(folder.names == ["a.safetensors"])
  }

  /// A file in which a number of the optimizer is missing changes nothing and says so.
  @Test func aDamagedOptimizerIsRefused() throws {
    let folder = try TemporaryFolder(), path = folder.path("a.safetensors")
    let model = try SmallModels.regressor()
    try model.fit(SmallModels.x, SmallModels.y, verbose: .silent)
    try model.save(to: path)
    let file = try SafeTensors(contentsOf: path)
    var tensors = try Tensor.read(safetensors: path)
    tensors["optimizer/slot_1/dense/kernel"] = nil
    try Tensor.write(safetensors: path, tensors, metadata: file.metadata)
    #expect(spoken { _ = try Model.load(from: path) }.contains("has no tensor \"optimizer/slot_1/dense/kernel\""))
    tensors["optimizer/slot_1/dense/kernel"] = Tensor.zeros([1])
    try Tensor.write(safetensors: path, tensors, metadata: file.metadata)
    #expect(spoken { _ = try Model.load(from: path) }.contains("has shape [1], its weight has [4, 6]"))
  }
}
