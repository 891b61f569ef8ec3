import DeepSwift
import TestSupport
import Testing

/// Every loss, its weighted value and its gradient toward the prediction against real Keras.
@Suite struct KerasLossesTests {
  static let cases = Fixture(file: "losses")("cases").list

  @Test func computeWhatKerasDoes() throws {
    for item in Self.cases {
      let title = "\(item("loss").string!) \(item("arguments").text) \(item["note"]?.string ?? "")"
      let loss: any Loss
      do { loss = try TestSupport.loss(item("loss").string!, item("arguments")) } catch is FixtureGap { continue }
      let prediction = item("prediction").tensor, target = item("target").tensor
      // Next to 1, the float32 that Keras clips to is 1 - 1.2e-7 instead of 1 - 1e-7, in Keras itself too.
      let tolerance = item["note"]?.string == "quite wrong: clipped" ? 0.02 : 1e-5
      let plain = try LossRun(loss, target, prediction, weight: nil)
      #expect(distance(plain.each, item("each").numbers) < tolerance, "\(title): each")
      #expect(distance([plain.value], [item("value").double]) < tolerance, "\(title): value")
      #expect(distance(plain.gradient, item("gradient").numbers, floor: 0.1) < 1e-5, "\(title): gradient")
      let weighted = try LossRun(loss, target, prediction, weight: item("sampleWeight").tensor)
      #expect(distance([weighted.value], [item("weightedValue").double]) < tolerance, "\(title): weighted value")
      #expect(distance(weighted.gradient, item("weightedGradient").numbers, floor: 0.1) < 1e-5, "\(title): weighted gradient")
    }
  }

  @Test func nothingElseIsMissing() {
    var gaps: Set<String> = []
    for item in Self.cases {
      do { _ = try loss(item("loss").string!, item("arguments")) } catch {
        gaps.insert((error as? FixtureGap)?.name ?? "\(error)")
      }
    }
    #expect(gaps.union(["reductions"]) == Set(FixtureGaps.losses.keys))
  }

  /// A difference on purpose. Keras clips probabilities to 1e-7, and with a softmax that is as sure as that of a wrong class
  /// its gradient dies; ours is taken through the softmax and still says where to go. The value is the same.
  @Test func aVeryWrongSoftmaxStillLearns() throws {
    let logits = Input(shape: [3]), label = Input(shape: [])
    let value = SparseCategoricalCrossentropy()(label, softmax(logits))
    var settings = ProgramSettings()
    settings.capacity = 1
    settings.keepsInputGradients = true
    let program = try Program(inputs: [logits, label], outputs: [value], losses: [LossTerm(value)], settings: settings)
    let batch = FixtureBatch([Tensor([0, 40, 0] as [Float], shape: [1, 3]), Tensor([0] as [Int32])])
    program.run(batch.step)
    #expect(distance([program.output(0)[0]], [16.1180957]) < 1e-6)
    let gradient = program.gradient(toward: logits)!
    #expect(distance([gradient[0], gradient[1], gradient[2]], [-1, 1, 0]) < 1e-6)
  }
}

/// A loss on a batch, computed by a program as in training.
private struct LossRun {
  /// One number for each sample, or for each place of it.
  var each: [Float]
  var value: Double
  var gradient: [Float]

  init(_ loss: any Loss, _ target: Tensor, _ prediction: Tensor, weight: Tensor?) throws {
    let rows = prediction.shape[0]
    func sample(_ tensor: Tensor) -> Shape { Shape(Array(tensor.shape.dimensions.dropFirst())) }
    // At the door of `fit`, targets that lack a last axis of length 1, or have one too many, are brought into shape.
    var target = target
    if loss.targets == .classes {
      target = target.reshaped(Shape(Array(prediction.shape.dimensions.dropLast())))
    } else {
      target = target.reshaped(prediction.shape)
    }
    let p = Input(shape: sample(prediction)), t = Input(shape: sample(target))
    var node = loss(t, p)
    if node.shape.rank == p.shape.rank { node = node.mean(axis: -1) }
    var value = node, inputs = [p, t], tensors = [prediction, target]
    if let weight {
      let w = Input(shape: sample(weight))
      value = w.shape.rank < node.shape.rank ? node.mean() * w : node * w
      inputs.append(w)
      tensors.append(weight)
    }
    let term = LossTerm(value)
    var settings = ProgramSettings()
    settings.capacity = rows
    settings.keepsInputGradients = true
    let program = try Program(inputs: inputs, outputs: [node], losses: [term], settings: settings)
    let batch = FixtureBatch(tensors)
    program.run(batch.step)
    each = Array(UnsafeBufferPointer(start: program.output(0), count: rows * node.shape.count))
    self.value = (0..<rows).reduce(0) { $0 + Double(program.loss(0)[$1]) } / Double(rows)
    gradient = Array(UnsafeBufferPointer(start: program.gradient(toward: p)!, count: prediction.count))
    withExtendedLifetime(batch) {}
  }
}
