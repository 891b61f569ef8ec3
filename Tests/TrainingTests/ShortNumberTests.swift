import DeepSwift
import Testing

@Suite struct ShortNumberTests {
  @Test(arguments: [
    (0.89124, "0.8912"), (0.001, "1.0000e-03"), (0.0011, "0.0011"), (0, "0.0000e+00"), (-2.5, "-2.5000"),
    (-0.0005, "-5.0000e-04"), (123456.7, "123456.7000"), (.nan, "nan"), (-Double.nan, "nan"), (.infinity, "inf"),
    (-.infinity, "-inf"),
  ])
  func likeKeras(value: Double, text: String) {
    #expect(shortNumber(value) == text)
  }
}
