import DeepSwift
import DeepSwiftDatasets
import Testing

@Suite struct DatasetTests {
  func ten() throws -> Dataset {
    try Dataset(x: Tensor.range(0..<20).reshaped([10, 2]), y: Tensor.range(0..<10))
  }

  @Test func samplesAndLabelsMustBeEquallyMany() throws {
    #expect(
      message { _ = try Dataset(x: Tensor.zeros([3, 2]), y: Tensor.zeros([2])) }
        == "Dataset: x of shape [3, 2] and y of shape [2] do not hold equally many samples")
    #expect(message { _ = try Dataset(x: Tensor(1.0), y: Tensor.zeros([2])) }.contains("x of shape []"))
    #expect(
      message { _ = try Dataset(x: Tensor.zeros([2]), y: Tensor([0, 2]), classNames: ["a", "b"]) }
        == "Dataset: label 2 has no name; there are 2 class names")
  }

  @Test func parts() throws {
    let data = try ten()
    #expect(data.count == 10)
    #expect(data[2..<4].x == [[4, 5], [6, 7]])
    #expect(data[2..<4].y == [2, 3])
    #expect(data.prefix(2).y == [0, 1])
    #expect(data.suffix(2).y == [8, 9])
    #expect(data.prefix(99).count == 10)
    #expect(data[3..<3].isEmpty)
    #expect(data.gathered([7, 1]).x == [[14, 15], [2, 3]])
  }

  @Test func shufflingKeepsSamplesAndLabelsTogether() throws {
    let shuffled = try ten().shuffled(seed: 1)
    #expect(shuffled.y.integers.sorted() == Array(0..<10))
    #expect(shuffled.y != Tensor.range(0..<10))
    #expect(shuffled.x[0..., 0].integers == shuffled.y.integers.map { $0 * 2 })
    #expect(try ten().shuffled(seed: 1).y == shuffled.y)
    #expect(try ten().shuffled(seed: 2).y != shuffled.y)
  }

  @Test func mapping() throws {
    let halved = try ten().map { x, y in (x / 2, y) }
    #expect(halved.x[1] == [1.0, 1.5])
    #expect(message { _ = try ten().map { x, y in (x[0..<3], y) } }.contains("do not hold equally many"))
  }

  @Test func idxFiles() throws {
    try withTemporaryFolder { folder in
      let (images, labels) = ("\(folder)/images", "\(folder)/labels.gz")
      try Files.write(idxFile([2, 1, 3], [1, 2, 3, 4, 5, 6]), to: images)
      try Files.write(deflated(idxFile([2], [9, 8]), .gzip), to: labels)
      let data = try Dataset(idxImages: images, labels: labels)
      #expect(data.x == Tensor([1, 2, 3, 4, 5, 6] as [UInt8], shape: [2, 1, 3]))
      #expect(data.y == [9, 8])
      #expect(
        message { _ = try Dataset(idxImages: labels, labels: images) }
          == "\(labels): has the shape [2], expected images [count, height, width]; are images and labels exchanged?")
      #expect(
        message { _ = try Dataset(idxImages: images, labels: images) }
          == "\(images): has the shape [2, 1, 3] of uint8, expected labels [count]")
      try Files.write(idxFile([3], [9, 8, 7]), to: labels)
      #expect(
        message { _ = try Dataset(idxImages: images, labels: labels) }
          == "\(labels): has 3 labels, but \(images) has 2 images")
    }
  }
}
