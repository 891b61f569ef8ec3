import DeepSwift
import Testing

@Suite struct DatasetSplitTests {
  func samples(_ count: Int) throws -> Dataset {
    try Dataset(x: Tensor.range(0..<count), y: Tensor.range(0..<count))
  }

  @Test(arguments: [(10, 0.9, 9), (10, 0.75, 7), (7, 0.7, 4), (60_000, 0.95, 57_000), (60_000, 0.9, 54_000)])
  func theFirstPartIsRoundedDown(count: Int, fraction: Double, first: Int) throws {
    let (a, b) = try samples(count).split(fraction)
    #expect(a.count == first && b.count == count - first)
    #expect(a.y.integers == Array(0..<first), "the order is kept")
    #expect(b.y.integers.first == first)
  }

  @Test func theEnds() throws {
    #expect(try samples(3).split(0).0.isEmpty)
    #expect(try samples(3).split(1).1.isEmpty)
  }

  @Test func shuffledFirst() throws {
    let (a, b) = try samples(100).split(0.8, shuffledBy: 5)
    #expect((a.y.integers + b.y.integers).sorted() == Array(0..<100))
    #expect(a.y.integers != Array(0..<80))
    #expect(try samples(100).split(0.8, shuffledBy: 5).0.y == a.y)
  }

  @Test func everyClassHasItsShare() throws {
    let labels = (0..<100).map { $0 < 90 ? 0 : 1 }
    for y in [Tensor(labels), Tensor(labels).oneHot(classes: 2)] {
      let data = try Dataset(x: Tensor.range(0..<100), y: y)
      let (a, b) = data.split(0.8, stratifiedBy: 3)
      #expect(a.count == 80 && b.count == 20)
      #expect(b.x.integers.count { $0 >= 90 } == 2)
      #expect(a.x.integers == a.x.integers.sorted(), "the order is kept")
      #expect((a.x.integers + b.x.integers).sorted() == Array(0..<100))
      #expect(data.split(0.8, stratifiedBy: 3).0.x == a.x)
    }
  }
}
