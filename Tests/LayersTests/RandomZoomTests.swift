import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct RandomZoomTests {
  @Test func contract() {
    checkLayer(RandomZoom(0.3), input: [4, 5, 2], output: [4, 5, 2])
    checkLayer(RandomZoom([-0.4, -0.1], 0.2, fillMode: .wrap, seed: 3), input: [4, 4, 1], output: [4, 4, 1])
  }

  @Test func positiveFactorsShowMore() throws {
    // With twice as much to see, the middle is all that is not filled.
    let out = try augmented(RandomZoom([1, 1], fillMode: .constant, interpolation: .nearest), [[1, 2, 3]], [1, 3, 1])[0]
    #expect(out == [0, 2, 0])
    let closer = try augmented(RandomZoom([-0.5, -0.5]), [[1, 2, 3]], [1, 3, 1])[0]
    expectClose(closer, [1.5, 2, 2.5] as [Double])
  }

  @Test func withoutAWidthFactorBothAxesChangeAlike() throws {
    // Gradients along both axes: the steps between neighbours are the zooms.
    let image = (0..<25).map { Float($0 / 5 * 10 + $0 % 5) }
    let images = try augmented(RandomZoom(-0.5), Array(repeating: image, count: 50), [5, 5, 1])
    for image in images where image[13] - image[12] < 1 {
      expectClose([(image[17] - image[12]) / 10], [image[13] - image[12]], tolerance: 1e-4)
    }
    let apart = try augmented(RandomZoom(-0.5, -0.5), Array(repeating: image, count: 50), [5, 5, 1])
    #expect(apart.contains { (($0[17] - $0[12]) / 10 - ($0[13] - $0[12])).magnitude > 0.05 })
  }

  @Test func refusals() {
    checkRefusal(RandomZoom(0.1), of: [4], saying: "images")
    checkRefusal(RandomZoom([-1, 0]), of: [4, 4, 1], saying: "heightFactor", "-1.0")
    checkRefusal(RandomZoom(0.1, 2), of: [4, 4, 1], saying: "widthFactor", "2.0")
  }
}
