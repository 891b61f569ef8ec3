import DeepSwift
import TestSupport
import Testing

/// Every metric after two batches, with and without sample weights, against real Keras.
@Suite struct KerasMetricsTests {
  static let cases = Fixture(file: "metrics")("cases").list

  static func metric(_ item: Fixture) throws -> any Metric {
    // A name in small letters is what `compile` gets as a string.
    let name = item("metric").string!
    return try TestSupport.metric(name, name == name.lowercased() ? nil : item("arguments"))
  }

  @Test func measureWhatKerasDoes() throws {
    for item in Self.cases {
      var metric: any Metric
      do { metric = try Self.metric(item) } catch is FixtureGap { continue }
      let title = "\(item("metric").string!) \(item("arguments").text) \(item("batches").list[0]("target").tensor.shape)"
      #expect(metric.name == item("name").string)
      #expect(metric.result == 0)
      for isWeighted in [false, true] {
        let expected = item(isWeighted ? "weightedValues" : "values").doubles
        metric.reset()
        for (batch, value) in zip(item("batches").list, expected) {
          metric.update(
            target: batch("target").tensor.converted(to: .float32), prediction: batch("prediction").tensor,
            sampleWeight: isWeighted ? batch("sampleWeight").tensor : nil)
          #expect(distance([metric.result], [value]) < 1e-6, "\(title)\(isWeighted ? " weighted" : "")")
        }
      }
    }
  }

  @Test func nothingElseIsMissing() {
    var gaps: Set<String> = []
    for item in Self.cases {
      do { _ = try Self.metric(item) } catch { gaps.insert((error as? FixtureGap)?.name ?? "\(error)") }
    }
    #expect(gaps == Set(FixtureGaps.metrics.keys))
  }
}
