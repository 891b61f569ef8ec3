import DeepSwiftLayers
import Foundation
import TestSupport
import Testing

@Suite struct RandomContrastTests {
  @Test func contract() {
    checkLayer(RandomContrast(0.3, valueRange: -5...5), input: [4, 5, 2], output: [4, 5, 2])
    checkLayer(RandomContrast(lower: 0.1, upper: 0.4, valueRange: -5...5, seed: 3), input: [2, 2, 1], output: [2, 2, 1])
  }

  @Test func factorsLieAroundOne() throws {
    func factors(_ layer: RandomContrast) throws -> [Float] {
      try augmented(layer, Array(repeating: [100, 110], count: 500), [1, 2, 1]).map { ($0[1] - $0[0]) / 10 }
    }
    let both = try factors(RandomContrast(0.5))
    #expect(both.allSatisfy { (0.499...1.501).contains($0) } && both.min()! < 0.52 && both.max()! > 1.48)
    let uneven = try factors(RandomContrast(lower: 0, upper: 0.2))
    #expect(uneven.allSatisfy { (0.999...1.201).contains($0) })
  }

  @Test func valuesStayInTheirRange() throws {
    let images = try augmented(RandomContrast(1), Array(repeating: [0, 255], count: 50), [1, 2, 1])
    #expect(images.joined().allSatisfy { (0...255).contains($0) })
  }

  /// Keras keeps both bounds of the factor, and the range of values, as lists.
  @Test func filesHaveKerasFields() throws {
    let text = String(decoding: try JSONEncoder().encode(RandomContrast(0.5, valueRange: 0...1)), as: UTF8.self)
    #expect(text.contains("\"factor\":[0.5,0.5]") && text.contains("\"valueRange\":[0,1]"))
  }

  @Test func refusals() {
    checkRefusal(RandomContrast(0.1), of: [4], saying: "images")
    checkRefusal(RandomContrast(1.5), of: [4, 4, 1], saying: "between 0 and 1", "1.5")
  }
}
