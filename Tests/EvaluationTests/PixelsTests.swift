import DeepSwift
import Testing

@Suite struct PixelsTests {
  private static func gray(_ values: [UInt8], width: Int) -> Pixels {
    Pixels(width: width, height: values.count / width, rgb: values.flatMap { [$0, $0, $0] })
  }
  private func values(_ pixels: Pixels) -> [UInt8] { stride(from: 0, to: pixels.rgb.count, by: 3).map { pixels.rgb[$0] } }

  @Test func growingRepeatsAndShrinkingTakesMeans() {
    let small = Self.gray([0, 10, 20, 30], width: 2)
    #expect(values(small.resized(4, 2)) == [0, 0, 10, 10, 20, 20, 30, 30])
    #expect(values(small.resized(1, 1)) == [15])
    #expect(values(Self.gray([0, 10, 20, 30, 40], width: 5).resized(2, 1)) == [5, 30])
    #expect(small.reduced(toFit: 9, 9) == small)
    #expect(small.reduced(toFit: 1, 9).width == 1)
  }

  @Test func whatLiesOutsideIsCutOff() {
    var paper = Self.gray([0, 0, 0, 0, 0, 0], width: 3)
    paper.paste(Self.gray([1, 2, 3, 4], width: 2), left: 2, top: -1)
    #expect(values(paper) == [0, 0, 3, 0, 0, 0])
    paper.paste(Self.gray([1, 2, 3, 4], width: 2), left: -1, top: 1)
    #expect(values(paper) == [0, 0, 3, 2, 0, 0])
    paper.paste(Self.gray([9], width: 1), left: 5, top: 5)
    #expect(values(paper) == [0, 0, 3, 2, 0, 0])
  }

  @Test func tensorsBecomePixels() throws {
    #expect(try Pixels.images(Tensor([7, 255] as [UInt8], shape: [1, 1, 2]))[0].rgb == [7, 7, 7, 255, 255, 255])
    #expect(try Pixels.images(Tensor([0, 0.5, 1] as [Float], shape: [1, 1, 3])).map(values) == [[0, 128, 255]])
    #expect(try Pixels.images(Tensor([0, 100, 255] as [Float], shape: [1, 1, 3])).map(values) == [[0, 100, 255]])
    #expect(try Pixels.images(Tensor([10, 100, 200] as [Float], shape: [1, 1, 3])).map(values) == [[10, 100, 200]])
    #expect(try Pixels.images(Tensor([-1, 0, 1] as [Float], shape: [1, 1, 3])).map(values) == [[0, 128, 255]])
    #expect(try Pixels.images(Tensor([1, 2, 3] as [UInt8], shape: [1, 1, 1, 3]))[0].rgb == [1, 2, 3])
    // Half as opaque is half white.
    #expect(try Pixels.images(Tensor([0, 100, 200, 51] as [UInt8], shape: [1, 1, 1, 4]))[0].rgb == [204, 224, 244])
    #expect(try Pixels.images(Tensor([100, 0] as [UInt8], shape: [1, 1, 1, 2]))[0].rgb == [255, 255, 255])
  }

  @Test func numbersThatAreNoneDoNoHarm() throws {
    let odd = Tensor([.nan, .infinity, -.infinity, 0.5] as [Float], shape: [1, 2, 2])
    #expect(try Pixels.images(odd).map(values) == [[0, 255, 0, 128]])
    let huge = Tensor([-3e38, 3e38] as [Float], shape: [1, 1, 2])
    #expect(try Pixels.images(huge).count == 1)
    #expect(try Pixels.images(Tensor([.nan] as [Float], shape: [1, 1, 1])).map(values) == [[0]])
    #expect(throws: ModelError.self) { try Pixels.images(Tensor.zeros([1, 4])) }
    #expect(throws: ModelError.self) { try Pixels.images(Tensor.zeros([1, 4, 4, 5])) }
    #expect(throws: ModelError.self) { try Pixels.images(Tensor.zeros([1, 0, 4])) }
  }
}
