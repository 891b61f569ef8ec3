import DeepSwift

/// A metric: the share of the targets that lie below their prediction.
struct BelowPrediction: Metric {
  let name = "below_prediction"
  private var below = 0.0, count = 0.0

  mutating func update(target: Tensor, prediction: Tensor, sampleWeight: Tensor?) {
    for (t, p) in zip(target.floats, prediction.floats) {
      below += t < p ? 1 : 0
      count += 1
    }
  }

  var result: Double { count == 0 ? 0 : below / count }

  mutating func reset() { (below, count) = (0, 0) }
}
