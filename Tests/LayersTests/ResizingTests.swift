import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct ResizingTests {
  @Test(arguments: Resampling.allCases) func contract(interpolation: Resampling) {
    checkLayer(Resizing(2, 7, interpolation: interpolation), input: [4, 5, 2], output: [2, 7, 2])
  }

  @Test func proportions() {
    checkLayer(Resizing(3, 3, cropToAspectRatio: true), input: [4, 7, 2], output: [3, 3, 2])
    checkLayer(Resizing(3, 3, padToAspectRatio: true, fillValue: 2), input: [4, 7, 2], output: [3, 3, 2])
    checkLayer(Resizing(3, 3, antialias: true, name: "small"), input: [9, 7, 1], output: [3, 3, 1])
  }

  @Test func knownValues() throws {
    #expect(try augmented(Resizing(1, 4, interpolation: .nearest), [[1, 2]], [1, 2, 1]) == [[1, 1, 2, 2]])
    expectClose(try augmented(Resizing(1, 4), [[1, 2]], [1, 2, 1])[0], [1, 1.25, 1.75, 2] as [Double])
  }

  @Test func refusals() {
    checkRefusal(Resizing(2, 2), of: [4], saying: "images")
    checkRefusal(Resizing(0, 2), of: [4, 4, 1], saying: "positive", "[0, 2]")
    checkRefusal(Resizing(2, 2, cropToAspectRatio: true, padToAspectRatio: true), of: [4, 4, 1], saying: "exclude each other")
  }
}
