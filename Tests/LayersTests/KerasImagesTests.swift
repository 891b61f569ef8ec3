@testable import DeepSwiftEngine
@testable import DeepSwiftLayers
import TestSupport
import Testing

/// Affine maps and what the random layers do with given draws, against real Keras.
@Suite struct KerasImagesTests {
  private let file = Fixture(file: "images")

  @Test func warps() throws {
    for item in file("warps").list {
      let title = "\(item("map").string!), \(item("interpolation").string!), \(item("fillMode").string!)"
      let input = item("input").tensor, shape = Shape(Array(input.shape.dimensions.dropFirst()))
      let x = Input(shape: shape)
      let interpolation = try #require(Warp.Interpolation(rawValue: item("interpolation").string!))
      let fillMode = try #require(Warp.FillMode(rawValue: item("fillMode").string!))
      let y = x.warped(
        by: Node(item("numbers").tensor), interpolation: interpolation, fillMode: fillMode, fillValue: item("fillValue").float)
      #expect(distance(try run(y, of: x, [input.floats]), item("output").numbers) < 1e-5, "\(title)")
      let weighted = y * Node(item("outputGradient").tensor.reshaped(y.shape))
      let slope = try gradient(of: weighted, toward: x, [input.floats])
      #expect(distance(slope, item("inputGradient").numbers) < 1e-5, "\(title): gradient")
    }
  }

  @Test func maps() throws {
    let x = Input(shape: [5, 8, 1])
    for item in file("maps").list {
      let draws = item("draws").numbers.map { Float($0) }, map: Node
      switch item("layer").string! {
      case "RandomRotation": map = x.rotation(by: Node(draws[0] * 2 * .pi))
      case "RandomZoom": map = x.scaling(across: Node(draws[1]), down: Node(draws[0]))
      default: map = x.translation(across: Node(draws[1] * 8), down: Node(draws[0] * 5))
      }
      let one = Input(shape: [1])
      #expect(distance(try run(map + one.at(0) * 0, of: one, [[0]]), item("map").numbers) < 1e-5, "\(item.text)")
    }
  }

  @Test func colors() throws {
    for item in file("colors").list {
      let input = item("input").tensor, x = Input(shape: Shape(Array(input.shape.dimensions.dropFirst())))
      let draw = Node(item("draw").float)
      let y = item("layer").string! == "RandomContrast" ? x.contrast(by: draw) : x + draw * 255
      #expect(distance(try run(clip(y, 0, 255), of: x, [input.floats]), item("output").numbers) < 1e-5, "\(item.text)")
    }
  }

  @Test func adapting() throws {
    for item in file("adapted").list {
      let axes = item["axis"].map { $0.isList ? $0.ints : [$0.int] } ?? [], data = item("data").tensor
      let layer = try Normalization(axes: axes).adapted(to: data)
      let scope = Scope(name: "layer", title: "layer")
      let x = Input(shape: Shape(Array(data.shape.dimensions.dropFirst())))
      #expect(layer.forward(x, Weights(scope, Trace(), isTrainable: true)).error == nil)
      let store = ParameterStore(scope.parameters, seed: 1)
      let weights = Dictionary(uniqueKeysWithValues: scope.parameters.map { ($0.name, $0.tensor) })
      #expect(weights["mean"]!.shape == item("mean").tensor.shape)
      #expect(distance(weights["mean"]!.floats, item("mean").numbers) < 1e-6)
      #expect(distance(weights["variance"]!.floats, item("variance").numbers) < 1e-6)
      withExtendedLifetime(store) {}
    }
  }
}
