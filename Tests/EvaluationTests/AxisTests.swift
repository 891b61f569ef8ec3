import DeepSwift
import Testing

@Suite struct AxisTests {
  private func labels(_ values: [Double]) -> [String] { Axis(values: values).ticks.map(\.label) }

  @Test func ticksAreRoundNumbers() {
    #expect(labels([0.7, 0.93]) == ["0.70", "0.75", "0.80", "0.85", "0.90"])
    #expect(labels([0.12, 2.4]) == ["0", "0.5", "1.0", "1.5", "2.0", "2.5"])
    #expect(labels([0.76, 1.87]) == ["0.8", "1.0", "1.2", "1.4", "1.6", "1.8"])
    #expect(labels([-3, 1]) == ["-3", "-2", "-1", "0", "1"])
    #expect(labels([150_000, 3_000_000]) == ["0", "5e5", "1.0e6", "1.5e6", "2.0e6", "2.5e6", "3.0e6"])
    #expect(labels([12_000, 98_760]) == ["2e4", "4e4", "6e4", "8e4", "1.0e5"])
    #expect(labels([0.999998, 0.999999]) == ["0.9999980", "0.9999982", "0.9999984", "0.9999986", "0.9999988", "0.9999990"])
    #expect(labels([0, 0.000019]) == ["0", "5e-6", "1.0e-5", "1.5e-5", "2.0e-5"])
  }

  @Test func theAxisHoldsItsValuesAndStaysAboveZeroIfTheyDo() {
    let axis = Axis(values: [0.01, 1])
    #expect(axis.lower == 0)
    #expect(axis.upper > 1)
    #expect(axis.position(axis.lower) == 0)
    #expect(axis.position(axis.upper) == 1)
    #expect(Axis(values: [-1, 1]).lower < -1)
  }

  @Test func valuesThatAreAllTheSameLieInTheMiddle() {
    for value in [0.5, -2, 0, 1e20, 1e-20] {
      let axis = Axis(values: [value, value])
      #expect(axis.lower <= value && value < axis.upper)
      #expect(!axis.ticks.isEmpty)
    }
    #expect(labels([0.5, 0.5]) == ["0.46", "0.48", "0.50", "0.52", "0.54"])
  }

  @Test func numbersThatAreNoneAreLeftOut() {
    #expect(Axis(values: [.nan, 0.7, .infinity, 0.93, -.infinity]) == Axis(values: [0.7, 0.93]))
    #expect(labels([.nan]) == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(labels([]) == labels([.nan]))
    #expect(labels([-1.7e308, 1.7e308]).contains("0"))
  }

  @Test func epochsAreWholeNumbers() {
    #expect(Axis(epochs: 1...10).ticks.map(\.label) == (1...10).map(String.init))
    #expect(Axis(epochs: 3...3).ticks.map(\.label) == ["3"])
    #expect(Axis(epochs: 1...100).ticks.map(\.label) == ["20", "40", "60", "80", "100"])
    #expect(Axis(epochs: 6...25).ticks.map(\.label) == ["10", "15", "20", "25"])
    #expect(Axis(epochs: 3...3).position(3) == 0.5)
  }
}
