import DeepSwift
import DeepSwiftDatasets
import Testing

@Suite struct InflateTests {
  let text = Array(String(repeating: "one two three ", count: 1000).utf8)

  @Test(arguments: [CompressedFormat.gzip, .zlib, .raw])
  func whatIsCompressedIsUnpacked(format: CompressedFormat) throws {
    let packed = deflated(text, format)
    #expect(packed.count < 300)
    #expect(try inflated(packed[...], format, place: "a") == text)
    #expect(try inflated(packed[...], format, size: text.count, place: "a") == text)
    #expect(try inflated(deflated([], format)[...], format, place: "a") == [])
  }

  @Test func gzipFilesMayFollowEachOther() throws {
    let one = deflated([1, 2, 3], .gzip)
    let two = deflated([4, 5], .gzip)
    #expect(try inflated((one + two)[...], .gzip, place: "a") == [1, 2, 3, 4, 5])
    #expect(try inflated((one + [0, 0, 0])[...], .gzip, place: "a") == [1, 2, 3])
    #expect(message { _ = try inflated((one + [7])[...], .gzip, place: "a") }.contains("a: "))
  }

  @Test func damageIsAnError() {
    let packed = deflated(text, .gzip)
    #expect(
      message { _ = try inflated(packed.dropLast(20), .gzip, place: "a") }
        == "a: is cut off: its compressed data end after \(packed.count - 20) bytes. Download it or write it again.")
    #expect(message { _ = try inflated([], .gzip, place: "a") }.hasPrefix("a: "))
    var damaged = packed
    damaged[packed.count - 5] ^= 1
    #expect(message { _ = try inflated(damaged[...], .gzip, place: "a") }.contains("damaged"))
    #expect(message { _ = try inflated(packed[...], .gzip, size: 10, place: "a") }.contains("more than the 10 bytes"))
    #expect(
      message { _ = try inflated(packed[...], .gzip, size: 20_000, place: "a") }
        == "a: unpacks to 14000 bytes, expected 20000. Download it or write it again.")
  }

  @Test func growthHasALimit() {
    let megabyte = deflated([UInt8](repeating: 0, count: 1 << 20), .gzip)
    let bomb = [UInt8](repeatElement(megabyte, count: 257).joined())
    #expect(message { _ = try inflated(bomb[...], .gzip, place: "bomb") }.contains("more than the 268435456 bytes"))
  }
}
