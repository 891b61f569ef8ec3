import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct RandomCropTests {
  @Test func contract() {
    checkLayer(RandomCrop(2, 3), input: [4, 5, 2], output: [2, 3, 2])
    checkLayer(RandomCrop(4, 3, seed: 3), input: [4, 5, 1], output: [4, 3, 1])
    checkLayer(RandomCrop(6, 3), input: [4, 5, 2], output: [6, 3, 2])
    checkLayer(RandomCrop(4, 5), input: [4, 5, 2], output: [4, 5, 2])
  }

  @Test func everyPlaceIsEquallyLikely() throws {
    let image = (0..<20).map(Float.init)
    let images = try augmented(RandomCrop(2, 3), Array(repeating: image, count: 1800), [4, 5, 1])
    var counts: [Float: Int] = [:]
    for window in images {
      let corner = window[0]
      #expect(window == [corner, corner + 1, corner + 2, corner + 5, corner + 6, corner + 7])
      counts[corner, default: 0] += 1
    }
    #expect(counts.keys.sorted() == [0, 1, 2, 5, 6, 7, 10, 11, 12])
    #expect(counts.values.allSatisfy { abs($0 - 200) < 60 })
  }

  @Test func refusals() {
    checkRefusal(RandomCrop(2, 2), of: [4], saying: "images")
    checkRefusal(RandomCrop(0, 2), of: [4, 4, 1], saying: "positive", "[0, 2]")
  }
}
