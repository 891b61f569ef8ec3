import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct PoolingTests {
  private static let windows: [((Int, Int), (Int, Int))] = [
    ((2, 2), (2, 2)), ((3, 3), (2, 2)), ((3, 3), (1, 1)), ((1, 2), (3, 1)), ((2, 2), (3, 3)), ((4, 1), (2, 2)),
  ]

  @Test(arguments: [Padding.valid, .same]) func maximum(padding: Padding) {
    for (size, strides) in Self.windows {
      checkGradients([6, 7, 3]) { x, _ in x[0].maxPooled(size, strides: strides, padding: padding) }
    }
  }

  @Test(arguments: [Padding.valid, .same]) func average(padding: Padding) {
    for (size, strides) in Self.windows {
      checkGradients([6, 7, 3]) { x, _ in x[0].averagePooled(size, strides: strides, padding: padding) }
    }
  }

  @Test func manyChannels() {
    checkGradients([4, 4, 35]) { x, _ in x[0].maxPooled((2, 2)) + x[0].averagePooled((2, 2)) }
  }

  @Test func ofWeightsAndOfRectified() {
    checkGradients([], parameters: [[4, 4, 3]]) { x, w in x[0] * (w[0].maxPooled((2, 2)) + w[0].averagePooled((2, 2))) }
    checkGradients([4, 5, 2], parameters: [[1, 1, 2, 3]]) { x, w in
      relu(x[0].convolved(w[0])).maxPooled((3, 3), strides: (1, 2), padding: .same)
    }
    checkGradients([4, 5, 2], parameters: [[1, 1, 2, 3]]) { x, w in
      let h = relu(x[0].convolved(w[0]))
      return h.averagePooled((2, 2)) + h.maxPooled((2, 2)) * h.sum()
    }
  }

  @Test func faults() {
    let x = Input(shape: [4, 4, 2])
    expectFault(Input(shape: [4, 4]).maxPooled((2, 2)), "[height, width, channels]", "[4, 4]")
    expectFault(x.averagePooled((5, 2)), "window of height 5", "height 4")
    expectFault(x.maxPooled((2, 2), strides: (0, 1)), "stride 0")
    expectFault(x.maxPooled((0, 2)), "height 0")
    expectFault(Input(shape: [300, 300, 1]).maxPooled((256, 256)), "too large", "GlobalMaxPooling2D")
  }
}
