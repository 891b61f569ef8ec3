@testable import DeepSwiftEngine
@testable import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct LayerCallTests {
  @Test func shapesAreKnownBeforeWeightsExist() {
    let x = Input(shape: [8, 8, 3])
    #expect(Flatten()(Conv2D(4, kernelSize: 3)(x)).shape == [144])
    #expect(Add()([x, x]).shape == [8, 8, 3])
  }

  @Test func faultsNameTheLayer() {
    expectFault(Conv2D(4, kernelSize: 3, name: "edges")(Input(shape: [8])), "edges (Conv2D)", "[8]")
    expectFault(Dense(3)(MaxPooling2D()(Input(shape: [4]))), "MaxPooling2D")
  }

  @Test func identityOfUses() throws {
    let dense = Dense(2), shared = Shared(dense), x = Input(shape: [3])
    func identity(_ node: Node) throws -> AnyObject { try #require(node.op as? LayerCall).identity }
    #expect(try identity(dense(x)) !== identity(dense(x)))
    #expect(try identity(shared(x)) === identity(shared(x)))
  }
}
