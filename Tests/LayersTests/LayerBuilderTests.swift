@testable import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct LayerBuilderTests {
  private func list(@LayerBuilder _ layers: () -> [any Layer]) -> [String] { layers().map { "\(type(of: $0))" } }

  @Test func listsConditionsAndLoops() {
    for deep in [true, false] {
      let layers = list {
        Input(shape: [4])
        Flatten()
        for units in [8, 4] { Dense(units) }
        if deep { Dropout(0.5) }
        if deep { Activation(.relu) } else { Rescaling(2) }
        [Dense(1), Flatten()] as [any Layer]
      }
      let middle = deep ? ["Dropout", "Activation"] : ["Rescaling"]
      #expect(layers == ["InputLayer", "Flatten", "Dense", "Dense"] + middle + ["Dense", "Flatten"])
    }
  }
}

@Suite struct InputLayerTests {
  @Test func itPassesItsInputOn() { checkLayer(InputLayer(shape: [3], name: "image"), input: [3], output: [3]) }

  @Test func itIsMadeOfAnInput() {
    let layer = InputLayer(Input(shape: [3], name: "image"))
    #expect(layer.shape == [3] && layer.name == "image")
  }
}
