@testable import DeepSwiftLayers
import Foundation
import Testing

@Suite struct Extent2DTests {
  @Test func literals() {
    #expect(3 as Extent2D == Extent2D(3, 3))
    #expect([3] as Extent2D == Extent2D(3, 3))
    #expect([3, 5] as Extent2D == Extent2D(3, 5))
  }

  @Test func otherCountsAreFaults() {
    #expect(([1, 2, 3] as Extent2D).fault("size") != nil)
    #expect(([] as Extent2D).fault("size") != nil)
    #expect(([1, 2] as Extent2D).fault("size") == nil)
    #expect(([1, -2] as Extent2D).fault("size") == "size must be positive, received [1, -2]")
  }

  @Test func throughJSON() throws {
    let size: Extent2D = [3, 5]
    #expect(try JSONDecoder().decode(Extent2D.self, from: JSONEncoder().encode(size)) == size)
  }
}
