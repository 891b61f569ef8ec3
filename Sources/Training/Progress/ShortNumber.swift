import Foundation

/// A value as Keras prints it: `0.8912`, and `1.0000e-03` where four decimals would hide it.
package func shortNumber(_ value: Double) -> String {
  guard value.isFinite else { return value.isNaN ? "nan" : "\(value)" }
  return String(format: abs(value) > 1e-3 ? "%.4f" : "%.4e", value)
}
