import Foundation

/// A range of numbers on a line, with round numbers to mark it by.
package struct Axis: Sendable, Equatable {
  package struct Tick: Sendable, Equatable {
    package var value: Double
    package var label: String
  }

  package var lower, upper: Double
  package var ticks: [Tick]

  /// Where a value lies, from 0 at the lower end to 1 at the upper.
  package func position(_ value: Double) -> Double { (value - lower) / (upper - lower) }

  /// An axis for measured values. Those that are no numbers are left out, and there may be none.
  package init(values: [Double]) {
    let numbers = values.filter(\.isFinite).map { min(1e300, max(-1e300, $0)) }
    let (least, most) = (numbers.min() ?? 0, numbers.max() ?? 1)
    let middle = abs(least) / 2 + abs(most) / 2
    // Values that are all the same, but for rounding, get an axis around them.
    let flat = most - least <= middle * 1e-9
    let margin = flat ? (middle > 0 ? middle * 0.1 : 0.5) : (most - least) * 0.06
    lower = least >= 0 ? max(0, least - margin) : least - margin
    upper = most + margin
    let step = Axis.roundStep(atLeast: (upper - lower) / 8)
    let first = Int((lower / step).rounded(.up)), last = Int((upper / step).rounded(.down))
    // All numbers of an axis are written alike: with powers of ten where they would be long otherwise.
    let largest = max(abs(Double(first)), abs(Double(last))) * step
    let hasPowers = largest >= 1e5 || step < 1e-7 || step < 1e-4 && largest < 1e-2
    ticks =
      first > last
      ? [] : (first...last).map { Tick(value: Double($0) * step, label: Axis.label($0, step: step, hasPowers: hasPowers)) }
  }

  /// An axis for epochs, which are whole numbers and counted from 1.
  package init(epochs: ClosedRange<Int>) {
    let span = Double(epochs.upperBound - epochs.lowerBound)
    let margin = max(0.5, span * 0.025)
    lower = Double(epochs.lowerBound) - margin
    upper = Double(epochs.upperBound) + margin
    let step = span < 10 ? 1 : Int(Axis.roundStep(atLeast: span / 8))
    let first = (epochs.lowerBound + step - 1) / step, last = epochs.upperBound / step
    ticks = (first...max(first, last)).map { Tick(value: Double($0 * step), label: "\($0 * step)") }
  }

  /// The next of … 0.1, 0.2, 0.5, 1, 2, 5, 10 …
  static func roundStep(atLeast step: Double) -> Double {
    let power = pow(10, floor(log10(step)))
    return ([1, 2, 5].first { $0 * power >= step * 0.999 } ?? 10) * power
  }

  private static func label(_ count: Int, step: Double, hasPowers: Bool) -> String {
    let value = Double(count) * step
    if count == 0 { return "0" }
    if hasPowers {
      let digits = Int(max(0, floor(log10(abs(value)) + 1e-9) - floor(log10(step) + 1e-9)))
      return String(format: "%.\(min(digits, 6))e", value).replacing("e+0", with: "e").replacing("e-0", with: "e-")
        .replacing("e+", with: "e")
    }
    return String(format: "%.\(Int(max(0, -floor(log10(step) + 1e-9))))f", value)
  }
}
