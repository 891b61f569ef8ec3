import DeepSwift
import Foundation
import Testing

@testable import DeepSwiftDatasets

@Suite struct ImageDecodingTests {
  /// A folder of gray pictures in batches of four; the brightness counts them. Some are large and take their time.
  func withPictures(
    _ count: Int, large: (Int) -> Bool = { $0 % 5 == 0 }, _ body: (ImageFolder) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      for index in 0..<count {
        let side = large(index) ? 2000 : 2
        try Tensor.full([side, side], Float(index), elementType: .uint8).write(png: "\(folder)/\(100 + index).png")
      }
      try body(
        ImageFolder(
          folder, imageSize: [2, 2], batchSize: 4, colorMode: .grayscale, labelMode: .none, shuffle: false,
          interpolation: .nearest, verbose: false))
    }
  }

  @Test func theOrderStaysHoweverLongFilesTake() throws {
    try withPictures(42) { folder in
      var batches = try folder.makeBatches(), seen: [[Int]] = []
      while let batch = try batches.next() { seen.append(batch.x[0..., 0, 0, 0].integers) }
      #expect(seen == stride(from: 0, to: 42, by: 4).map { Array($0..<min($0 + 4, 42)) })
      #expect(try batches.next() == nil)
    }
  }

  @Test func nothingIsReadThatNobodyWaitsFor() throws {
    // While the first is decoded there is time for all others.
    try withPictures(16, large: { $0 == 0 }) { folder in
      var batches = try folder.makeBatches()
      _ = try batches.next()
      // The next batch may have been made, the one after it not.
      Thread.sleep(forTimeInterval: 0.05)
      for path in folder.paths[8..<12] { try Files.write([], to: path) }
      #expect(try batches.next()?.x[0..., 0, 0, 0].integers == [4, 5, 6, 7])
      for _ in 0..<2 { #expect(message { _ = try batches.next() }.contains("4 of 16 files cannot be read")) }
    }
  }

  @Test func aPassThatIsGivenUpEndsItsThreads() throws {
    try withPictures(16) { folder in
      weak var given: ImageDecoding?
      do {
        let decoding = ImageDecoding(folder, order: Array(0..<16))
        decoding.start()
        #expect(decoding.take()?.count == 4)
        decoding.close()
        given = decoding
      }
      for _ in 0..<200 where given != nil { Thread.sleep(forTimeInterval: 0.01) }
      #expect(given == nil)
    }
  }
}
