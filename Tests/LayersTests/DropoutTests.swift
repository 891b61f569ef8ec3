import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct DropoutTests {
  @Test func contract() {
    checkLayer(Dropout(0.5), input: [2, 3], output: [2, 3], trains: false)
    checkLayer(Dropout(0.5, seed: 3, name: "thin"), input: [4], output: [4], trains: false)
    checkLayer(Dropout(0), input: [4], output: [4])
  }

  @Test func refusals() { checkRefusal(Dropout(2), of: [4], saying: "between 0 and 1", "2.0") }
}
