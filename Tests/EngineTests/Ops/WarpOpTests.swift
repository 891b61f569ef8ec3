@testable import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct WarpOpTests {
  private let turned = Node(Tensor([0.8, -0.6, 1.51, 0.6, 0.8, -0.73] as [Float]))

  @Test(arguments: Warp.FillMode.allCases, Warp.Interpolation.allCases)
  func gradients(fillMode: Warp.FillMode, interpolation: Warp.Interpolation) {
    checkGradients([3, 4, 2]) { x, _ in
      x[0].warped(by: turned, interpolation: interpolation, fillMode: fillMode, fillValue: 0.5)
    }
    // A map for each sample, another size, one and five channels.
    for channels in [1, 3, 5] {
      checkGradients(Numbers([4, 3, channels]), Numbers([6], from: -1.5, to: 2.5)) { x, _ in
        square(x[0]).warped(
          by: stopGradient(x[1]), size: (height: 2, width: 5), interpolation: interpolation, fillMode: fillMode, fillValue: 2)
      }
    }
  }

  @Test func anImageThatAllSamplesShare() {
    checkGradients([6], parameters: [[3, 4, 2]]) { x, w in w[0].warped(by: x[0], fillMode: .reflect) }
    checkGradients([3, 4, 2], parameters: [[3, 4, 2]]) { x, w in x[0] * w[0].warped(by: turned) }
  }

  @Test func rectifiedImages() {
    checkGradients([3, 4, 2]) { x, _ in relu(x[0]).warped(by: turned, fillMode: .wrap) }
  }

  @Test func mapsFarAwayDoNoHarm() throws {
    let x = Input(shape: [2, 2, 1])
    for far in [1e30, -1e30, .infinity, -.infinity, .nan] as [Float] {
      for mode in Warp.FillMode.allCases {
        for interpolation in Warp.Interpolation.allCases {
          let map = Node(Tensor([1, 0, far, 0, far, 0] as [Float]))
          let y = x.warped(by: map, interpolation: interpolation, fillMode: mode, fillValue: 3)
          #expect(try run(y, of: x, [[3, 3, 3, 3]]).allSatisfy { ($0 - 3).magnitude < 0.2 })
        }
      }
    }
  }

  @Test func faults() {
    expectFault(Input(shape: [4, 4]).warped(by: turned), "[height, width, channels]", "[4, 4]")
    expectFault(Input(shape: [4, 4, 1]).warped(by: Node(1)), "6 numbers")
    expectFault(Input(shape: [4, 4, 1]).warped(by: turned, size: (0, 2)), "positive", "[0, 2]")
  }
}
