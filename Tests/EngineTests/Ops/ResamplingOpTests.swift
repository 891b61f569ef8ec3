@testable import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct ResamplingOpTests {
  @Test(arguments: Resampling.allCases) func gradients(method: Resampling) {
    for (height, width) in [(3, 4), (7, 2), (2, 9), (1, 1)] {
      checkGradients([3, 4, 2]) { x, _ in x[0].resized(height, width, by: method) }
    }
    checkGradients([5, 6, 1]) { x, _ in relu(x[0]).resized(2, 3, by: method, antialias: true) }
    checkGradients([], parameters: [[2, 3, 2]]) { x, w in x[0] * w[0].resized(3, 4, by: method) }
  }

  @Test(arguments: Resampling.allCases, [true, false]) func weightsSumUpToOneAndStayInside(method: Resampling, antialias: Bool) {
    for old in [1, 2, 3, 7, 100] {
      for new in [1, 2, 5, 7, 31, 300] {
        let taps = method.taps(from: old, to: new, antialias: antialias)
        #expect(taps.first.count == new && taps.weights.count == new * taps.count)
        for index in 0..<new {
          #expect(taps.first[index] >= 0 && Int(taps.first[index]) + taps.count <= old)
          let sum = taps.weights[index * taps.count..<(index + 1) * taps.count].reduce(0, +)
          #expect((sum - 1).magnitude < 1e-5, "\(method), \(old) to \(new)")
        }
      }
    }
  }

  @Test func theSameSizeIsTheSameNode() {
    let x = Input(shape: [4, 5, 2])
    #expect(x.resized(4, 5, by: .bicubic) === x)
  }

  @Test func faults() {
    expectFault(Input(shape: [4, 4]).resized(2, 2), "[height, width, channels]", "[4, 4]")
    expectFault(Input(shape: [4, 4, 1]).resized(2, 0), "[2, 0]")
  }
}
