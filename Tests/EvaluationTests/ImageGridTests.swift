import DeepSwift
import Testing

@Suite struct ImageGridTests {
  private func places(_ grid: ImageGrid) -> [(width: Double, height: Double)] {
    grid.drawing("images").marks.compactMap { mark in
      if case .image(_, _, _, let width, let height) = mark { return (width, height) }
      return nil
    }
  }

  private func cell(_ width: Int, _ height: Int) -> ImageGrid.Cell {
    ImageGrid.Cell(Pixels(width: width, height: height, rgb: [UInt8](repeating: 0, count: width * height * 3)), [])
  }

  @Test func imagesKeepTheirProportions() throws {
    let shown = places(ImageGrid([cell(4, 2), cell(2, 2), cell(2, 3)]))
    try #require(shown.count == 3)
    #expect(shown[0].width == 2 * shown[0].height)
    #expect(shown[1].width == shown[1].height)
    #expect(shown[2].height == 1.5 * shown[2].width)
  }

  /// A picture that is a hundred times as high as wide would push all others off the page.
  @Test func highImagesAreMadeSmaller() throws {
    let shown = places(ImageGrid([cell(1, 100), cell(2, 2)]))
    try #require(shown.count == 2)
    #expect(shown[0].height == 1.5 * shown[1].width)
    #expect(shown[0].width < 3)
  }
}
