import DeepSwift
import TestSupport
import Testing

@Suite struct DropoutTests {
  @Test func contract() {
    checkLayer(Dropout(0.5), input: [2, 3], output: [2, 3], trains: false)
    checkLayer(Dropout(0.5, seed: 3, name: "thin"), input: [4], output: [4], trains: false)
    checkLayer(Dropout(0.5, noiseShape: [nil, 1, 3]), input: [2, 3], output: [2, 3], trains: false)
    checkLayer(Dropout(0), input: [4], output: [4])
    checkLayer(Dropout(0, noiseShape: [1, 1]), input: [4], output: [4])
  }

  @Test func refusals() {
    checkRefusal(Dropout(2), of: [4], saying: "between 0 and 1", "2.0")
    checkRefusal(Dropout(0.5, noiseShape: [1, 1]), of: [4, 5], saying: "each axis of a sample", "noiseShape [1, 1]", "[4, 5]")
    checkRefusal(Dropout(0.5, noiseShape: [32, 1]), of: [4], saying: "the first axis", "nil, or 1", "[32, 1]")
    checkRefusal(Dropout(0.5, noiseShape: [nil, 3]), of: [4], saying: "nil, 1, or as long", "[nil, 3]")
  }

  /// Along the same axes as in Keras elements go or stay together, on the way back as well.
  @Test(arguments: Fixture(file: "dropout")("cases").list) func asKeras(_ item: Fixture) throws {
    let rate = Fixture(file: "dropout")("rate").float
    let noiseShape = item["noiseShape"]?.list.map { $0.int < 0 ? nil : $0.int }, ones = Tensor.ones(Shape(item("shape").ints))
    let run = try KerasLayerRun(
      Dropout(rate, noiseShape: noiseShape), [ones], weights: [], mode: .training, gradient: ones)
    let y = Tensor(run.output, shape: ones.shape)
    for (axis, together) in item("together").list.map(\.bool).enumerated() {
      #expect((y.max(axis: axis) == y.min(axis: axis)) == together, "axis \(axis) of \(item.text)")
    }
    #expect(Set(run.output.map(Double.init)) == Set(item("numbers").doubles))
    #expect(run.inputGradients == [run.output])
  }
}
