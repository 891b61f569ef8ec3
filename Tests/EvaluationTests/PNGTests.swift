import CZlib
import DeepSwift
import Foundation
import Testing

/// Takes a PNG file apart again: its check sums are checked here with a table of our own, its data by the system's zlib.
struct PNGReader {
  var width = 0, height = 0
  var names: [String] = []
  private var bytes: [UInt8] = []

  init(_ file: Data) throws {
    let file = [UInt8](file)
    try #require(Array(file.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10])
    var position = 8
    var compressed: [UInt8] = []
    func number(at index: Int) -> Int { file[index..<index + 4].reduce(0) { $0 << 8 | Int($1) } }
    while position < file.count {
      let count = number(at: position)
      let body = Array(file[position + 4..<position + 8 + count])
      try #require(number(at: position + 8 + count) == PNGReader.checkSum(body))
      let name = String(decoding: body.prefix(4), as: UTF8.self)
      names.append(name)
      if name == "IHDR" {
        (width, height) = (number(at: position + 8), number(at: position + 12))
        try #require(Array(body.suffix(5)) == [8, 2, 0, 0, 0])
      }
      if name == "IDAT" { compressed += body.dropFirst(4) }
      position += 12 + count
    }
    let size = height * (width * 3 + 1)
    var lines = [UInt8](repeating: 0, count: size)
    var count = uLong(size)
    try #require(uncompress(&lines, &count, compressed, uLong(compressed.count)) == Z_OK && Int(count) == size)
    bytes = try PNGReader.unfiltered(lines, stride: width * 3)
  }

  func pixel(_ x: Int, _ y: Int) -> [UInt8] {
    let start = (y * width + x) * 3
    return Array(bytes[start..<start + 3])
  }

  private static func unfiltered(_ lines: [UInt8], stride: Int) throws -> [UInt8] {
    var result: [UInt8] = []
    for start in Swift.stride(from: 0, to: lines.count, by: stride + 1) {
      try #require([0, 1, 2].contains(lines[start]))
      for index in 0..<stride {
        let above = result.count < stride ? 0 : result[result.count - stride], left = index < 3 ? 0 : result[result.count - 3]
        result.append(lines[start + 1 + index] &+ [0, left, above][Int(lines[start])])
      }
    }
    return result
  }

  static func checkSum(_ bytes: [UInt8]) -> Int {
    var sum: UInt32 = .max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return Int(~sum)
  }
}

@Suite struct PNGTests {
  @Test func theCheckSumOfThisReaderIsTheKnownOne() {
    #expect(PNGReader.checkSum(Array("123456789".utf8)) == 0xCBF4_3926)
  }

  @Test func pixelsComeBack() throws {
    let rgb = (0..<5 * 3 * 3).map { UInt8($0 * 5) }
    let picture = try PNGReader(PNG.encode(width: 5, height: 3, rgb: rgb))
    #expect(picture.names == ["IHDR", "IDAT", "IEND"])
    #expect(picture.width == 5 && picture.height == 3)
    for y in 0..<3 {
      for x in 0..<5 { #expect(picture.pixel(x, y) == (0..<3).map { UInt8(((y * 5 + x) * 3 + $0) * 5) }) }
    }
  }
}
