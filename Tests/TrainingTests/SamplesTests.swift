import DeepSwift
import Testing

/// Data that do not fit are refused at the door: the error says what, where, and what to do, and nothing has changed.
@Suite struct SamplesTests {
  /// Runs a call that has to be refused; afterwards the model is as before, and can be trained.
  private func expectRefusal(
    _ kind: ModelError.Kind, at place: String?, _ message: String, of model: Model? = nil,
    sourceLocation: SourceLocation = #_sourceLocation, _ call: (Model) throws -> Void
  ) throws {
    let model = try model ?? Small.classifier()
    let before = bits(model), steps = model.optimizer?.iterations
    let error = fault({ try call(model) }, sourceLocation: sourceLocation)
    #expect(error?.kind == kind, sourceLocation: sourceLocation)
    #expect(error?.place == place, sourceLocation: sourceLocation)
    #expect(error?.message == message, sourceLocation: sourceLocation)
    #expect(bits(model) == before, sourceLocation: sourceLocation)
    #expect(model.optimizer?.iterations == steps, sourceLocation: sourceLocation)
    if model.layers.last?.outputShape == [2] {
      try model.fit(Small.x, Small.labels, verbose: .silent)
      #expect(bits(model) != before, sourceLocation: sourceLocation)
    }
  }

  @Test func inputsHaveTheShapeOfTheModel() throws {
    let wide = Tensor.zeros([12, 4])
    let message = "expected shape [*, 3], received [12, 4]"
    try expectRefusal(.shape, at: #"input "input_layer""#, message) { try $0.fit(wide, Small.labels) }
    try expectRefusal(.shape, at: #"input "input_layer""#, message) { _ = try $0.evaluate(wide, Small.labels) }
    try expectRefusal(.shape, at: #"input "input_layer""#, message) { _ = try $0.predict(wide) }
    try expectRefusal(.shape, at: #"input "input_layer""#, message) { try $0.trainOnBatch(wide, Small.labels) }
    try expectRefusal(.shape, at: #"input "input_layer""#, message) { _ = try $0.testOnBatch(wide, Small.labels) }
    try expectRefusal(.shape, at: #"input "input_layer""#, message) { _ = try $0.predictOnBatch(wide) }
    try expectRefusal(.shape, at: #"input "input_layer""#, message) {
      try $0.fit(Small.x, Small.labels, validationData: (wide, Small.labels))
    }
    // The input is looked at before the labels, which are wrong as well.
    try expectRefusal(.shape, at: #"input "input_layer""#, message) { try $0.fit(wide, Tensor([7] as [Int32])) }
  }

  @Test func aSingleSampleIsNoBatch() throws {
    try expectRefusal(
      .shape, at: #"input "input_layer""#,
      "expected shape [*, 3], received [3]. This is one sample: put it into a batch with expandingDimensions(axis: 0)."
    ) { _ = try $0.predict(Tensor([1, 2, 3] as [Float])) }
    try expectRefusal(.shape, at: #"input "input_layer""#, "expected shape [*, 3], received [2, 3, 3]") {
      _ = try $0.predict(Tensor.zeros([2, 3, 3]))
    }
    try expectRefusal(.shape, at: #"input "input_layer""#, "expected shape [*, 3], received []") {
      _ = try $0.predict(Tensor(3 as Float))
    }
  }

  @Test func aLastAxisOfOneMayBeMissingOrTooMuch() throws {
    let model = Sequential {
      Input(shape: [4, 4, 1]); Flatten(); Dense(1)
    }
    let flat = Sequential {
      Input(shape: [4, 4]); Flatten(); Dense(1)
    }
    #expect(try model.predict(Tensor.zeros([2, 4, 4])).shape == [2, 1])
    #expect(try flat.predict(Tensor.zeros([2, 4, 4, 1])).shape == [2, 1])
  }

  @Test func thereAreSamples() throws {
    try expectRefusal(.argument, at: #"input "input_layer""#, "there are no samples: the shape is [0, 3]") {
      try $0.fit(Tensor.zeros([0, 3]), Tensor.zeros([0]))
    }
    try expectRefusal(.argument, at: #"input "input_layer""#, "there are no samples: the shape is [0, 3]") {
      _ = try $0.predict(Tensor.zeros([0, 3]))
    }
  }

  @Test func labelsNameAClass() throws {
    func labels(_ last: Float) -> Tensor { Tensor(Small.labels.floats.dropLast() + [last]) }
    let range = "the model predicts 2 classes, so labels are whole numbers in 0..<2"
    try expectRefusal(
      .labels, at: #"output "dense_1""#, "label 2 of sample 11 is no class: \(range). Do they count from 1? Subtract 1."
    ) { try $0.fit(Small.x, labels(2)) }
    try expectRefusal(.labels, at: #"output "dense_1""#, "label 9 of sample 11 is no class: \(range)") {
      try $0.fit(Small.x, labels(9))
    }
    try expectRefusal(.labels, at: #"output "dense_1""#, "label -1 of sample 11 is no class: \(range)") {
      try $0.fit(Small.x, labels(-1))
    }
    try expectRefusal(.labels, at: #"output "dense_1""#, "label 0.5 of sample 11 is no class: \(range)") {
      try $0.fit(Small.x, labels(0.5))
    }
    try expectRefusal(.labels, at: #"output "dense_1""#, "label nan of sample 11 is no class: \(range)") {
      _ = try $0.evaluate(Small.x, labels(.nan))
    }
    // Validation data are looked at before training begins.
    try expectRefusal(.labels, at: #"output "dense_1""#, "label 9 of sample 11 is no class: \(range)") {
      try $0.fit(Small.x, Small.labels, validationData: (Small.x, labels(9)))
    }
  }

  @Test func oneHotTargetsNeedTheOtherCrossentropy() throws {
    try expectRefusal(
      .labels, at: #"output "dense_1""#,
      "SparseCategoricalCrossentropy expects one class number for each prediction, shape [*], received [12, 2]. "
        + "These look like one-hot targets: use .categoricalCrossentropy, or labels.argmax()."
    ) { try $0.fit(Small.x, Small.labels.oneHot(classes: 2)) }

    let model = try Small.classifier()
    try model.compile(optimizer: .sgd, loss: .categoricalCrossentropy)
    let advice = "For class numbers use .sparseCategoricalCrossentropy, or labels.oneHot(classes: 2)."
    let error = fault { try model.fit(Small.x, Small.labels) }
    #expect(error?.kind == .labels)
    #expect(
      error?.message == "CategoricalCrossentropy compares targets with predictions of shape [*, 2], received [12]. "
        + "Targets are never stretched to fit. \(advice)")
    #expect(fault { try model.fit(Small.x, Small.labels.reshaped([12, 1])) }?.message.hasSuffix(advice) == true)
    #expect(
      fault { try model.fit(Small.x, Tensor.full([12, 2], 2)) }?.message
        == "CategoricalCrossentropy expects targets from 0 to 1, received 2 in sample 0")
    try model.fit(Small.x, Small.labels.oneHot(classes: 2), verbose: .silent)
  }

  @Test func classesNeedMoreThanOneOutput() throws {
    let model = Sequential {
      Input(shape: [3]); Dense(1, activation: .sigmoid)
    }
    let advice =
      "chooses among classes, but the model predicts a single number. For two classes use .binaryCrossentropy, or "
      + "two outputs: Dense(2, activation: .softmax)."
    try model.compile(loss: .sparseCategoricalCrossentropy)
    #expect(fault { try model.fit(Small.x, Small.labels) }?.message == "SparseCategoricalCrossentropy \(advice)")
    try model.compile(loss: .categoricalCrossentropy)
    #expect(fault { try model.fit(Small.x, Small.labels) }?.message == "CategoricalCrossentropy \(advice)")
    try model.compile(loss: .binaryCrossentropy)
    try model.fit(Small.x, Small.labels, verbose: .silent)
  }

  @Test func aVectorIsNoListOfSamplesOfVectors() throws {
    let model = Sequential([Dense(1)])
    let error = fault { _ = try model.predict(Tensor([1, 2, 3] as [Float])) }
    #expect(error?.kind == .shape)
    #expect(error?.place == "dense (Dense)")
    #expect(
      error?.message == "a sample is a single number, shape [], but a vector is needed. Give the data an axis of features: "
        + "x.expandingDimensions(axis: 1)")
    // Where the model knows better, it helps itself.
    let known = Sequential {
      Input(shape: [1]); Dense(1)
    }
    #expect(try known.predict(Tensor([1, 2, 3] as [Float])).shape == [3, 1])
  }

  @Test func targetsAreNeverStretched() throws {
    let model = Sequential {
      Input(shape: [3]); Dense(4)
    }
    try model.compile(optimizer: .sgd, loss: .meanSquaredError)
    for shape in [[12, 1], [12], [12, 4, 4], [12, 2]] as [Shape] {
      let error = fault { try model.fit(Small.x, Tensor.zeros(shape)) }
      #expect(error?.kind == .labels)
      #expect(error?.place == #"output "dense""#)
      #expect(
        error?.message == "MeanSquaredError compares targets with predictions of shape [*, 4], received \(shape). "
          + "Targets are never stretched to fit.")
    }
    // Only a last axis of length 1 may be missing.
    try Small.line().fit(Small.x, Small.values.reshaped([12]), verbose: .silent)
  }

  @Test func thereIsATargetForEachSample() throws {
    try expectRefusal(.labels, at: #"output "dense_1""#, "there are 11 targets for 12 samples") {
      try $0.fit(Small.x, Small.labels[0..<11])
    }
    try expectRefusal(
      .labels, at: #"output "dense_1""#, "targets are a single number; one for each of 12 samples is needed"
    ) { try $0.fit(Small.x, Tensor(1 as Float)) }
    let a = Input(shape: [1], name: "a"), b = Input(shape: [1], name: "b")
    let two = Model(inputs: [a, b], outputs: Add()([a, b]))
    try two.compile(optimizer: .sgd, loss: .meanSquaredError)
    let error = fault { try two.fit([Tensor.zeros([3, 1]), Tensor.zeros([4, 1])], Tensor.zeros([3, 1])) }
    #expect(error?.place == #"input "b""#)
    #expect(error?.message == #"has 4 samples, but input "a" has 3"#)
  }

  @Test func numbersThatAreNoneAreFoundOnRequest() throws {
    var x = Small.x.floats
    x[4] = .nan
    let broken = Tensor(x, shape: [12, 3])
    try expectRefusal(.notANumber, at: #"input "input_layer""#, "sample 1 holds nan") {
      try $0.fit(broken, Small.labels, rejectNaN: true)
    }
    x[4] = .infinity
    try expectRefusal(.notANumber, at: #"input "input_layer""#, "sample 1 holds inf") {
      _ = try $0.evaluate(Tensor(x, shape: [12, 3]), Small.labels, rejectNaN: true)
    }
    let error = fault {
      try Small.line().fit(Small.x, Tensor.full([12, 1], .nan), rejectNaN: true)
    }
    #expect(error?.kind == .notANumber)
    #expect(error?.place == #"targets of output "dense""#)
  }

  @Test func weightsAreOnePerSample() throws {
    try expectRefusal(
      .shape, at: "sampleWeight", "one weight for each of 12 samples is needed, received shape [11]"
    ) { try $0.fit(Small.x, Small.labels, sampleWeight: Tensor.ones([11])) }
  }

  @Test func theSplitLeavesSomethingOnBothSides() throws {
    for split in [1, -0.5, 25, .nan, 1e300] as [Double] {
      try expectRefusal(
        .argument, at: nil,
        "validationSplit is the share of the samples that is kept for validation: it lies between 0 and 1, received \(split)"
      ) { try $0.fit(Small.x, Small.labels, validationSplit: split) }
    }
    try expectRefusal(.argument, at: nil, "validationSplit 0.95 of 12 samples leaves nothing to train on") {
      try $0.fit(Small.x, Small.labels, validationSplit: 0.95)
    }
  }

  @Test func numbersOfEpochsAndBatchesMakeSense() throws {
    try expectRefusal(.argument, at: nil, "batchSize must be at least 1, received 0") {
      try $0.fit(Small.x, Small.labels, batchSize: 0)
    }
    try expectRefusal(.argument, at: nil, "batchSize must be at least 1, received -3") {
      _ = try $0.predict(Small.x, batchSize: -3)
    }
    try expectRefusal(.argument, at: nil, "validationBatchSize must be at least 1, received 0") {
      try $0.fit(Small.x, Small.labels, validationBatchSize: 0)
    }
    try expectRefusal(.argument, at: nil, "epochs and initialEpoch are not negative, received -1 and 0") {
      try $0.fit(Small.x, Small.labels, epochs: -1)
    }
    try expectRefusal(.argument, at: nil, "stepsPerEpoch must be at least 1, received 0") {
      try $0.fit(Small.x, Small.labels, stepsPerEpoch: 0)
    }
    try expectRefusal(.argument, at: nil, "validationFrequency must be at least 1, received 0") {
      try $0.fit(Small.x, Small.labels, validationFrequency: 0)
    }
  }

  @Test func inputsAndTargetsHaveTheNamesOfTheModel() throws {
    try expectRefusal(.name, at: nil, #"no input is called "pixels". The only input is "input_layer"."#) {
      try $0.fit(["pixels": Small.x], Small.labels)
    }
    try expectRefusal(.name, at: nil, #"the input "input_layer" is missing. The only input is "input_layer"."#) {
      try $0.fit([String: Tensor](), Small.labels)
    }
    try expectRefusal(.name, at: nil, #"no output is called "kind". The only output is "dense_1"."#) {
      try $0.fit(Small.x, ["kind": Small.labels])
    }
    try expectRefusal(.argument, at: nil, #"the model has one input ("input_layer"), received 2"#) {
      try $0.fit([Small.x, Small.x], Small.labels)
    }
  }

  @Test func embeddingsHaveARowForEachNumber() throws {
    let model = Sequential {
      Input(shape: [2]); Embedding(5, 3); Flatten(); Dense(1)
    }
    try model.compile(optimizer: .sgd, loss: .meanSquaredError)
    let before = bits(model)
    for (value, text) in [(5, "5"), (-1, "-1"), (0.5, "0.5")] as [(Float, String)] {
      let x = Tensor([0, 1, 2, value] as [Float], shape: [2, 2])
      let error = fault { try model.fit(x, Tensor.zeros([2, 1])) }
      #expect(error?.kind == .labels)
      #expect(error?.place == #"input "input_layer""#)
      #expect(
        error?.message == "\(text) in sample 1 names no row of an embedding with 5 rows: whole numbers in 0..<5 are needed")
      #expect(fault { _ = try model.predict(x) }?.kind == .labels)
    }
    #expect(bits(model) == before)
    try model.fit(Tensor([0, 1, 2, 4] as [Int32], shape: [2, 2]), Tensor.zeros([2, 1]), verbose: .silent)
  }

  /// A metric that cannot be measured on these targets would give a number without meaning.
  @Test func metricsFitTheTargets() throws {
    let model = try Small.classifier()
    try model.compile(optimizer: .sgd, loss: .sparseCategoricalCrossentropy, metrics: [.meanAbsoluteError])
    let error = fault { try model.fit(Small.x, Small.labels) }
    #expect(error?.kind == .argument)
    #expect(error?.place == #"metric "mean_absolute_error" of output "dense_1""#)
    #expect(
      error?.message == "compares predictions of shape [*, 2] with targets of the same shape, but the targets are class "
        + "numbers. For the share of right answers use .accuracy.")
    try model.compile(optimizer: .sgd, loss: .sparseCategoricalCrossentropy, metrics: [.categoricalAccuracy])
    #expect(fault { _ = try model.evaluate(Small.x, Small.labels) }?.kind == .argument)
    try model.compile(optimizer: .sgd, loss: .categoricalCrossentropy, metrics: [.sparseCategoricalAccuracy])
    #expect(
      fault { _ = try model.evaluate(Small.x, Small.labels.oneHot(classes: 2)) }?.message
        == "needs a class number for each prediction of shape [*, 2], but the targets have its shape. For the share of right "
        + "answers use .accuracy.")
    try model.compile(optimizer: .sgd, loss: .categoricalCrossentropy, metrics: [.accuracy, .topK(2), .meanSquaredError])
    #expect(try model.evaluate(Small.x, Small.labels.oneHot(classes: 2), verbose: .silent)["mean_squared_error"] != nil)
  }
}
