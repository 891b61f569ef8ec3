import DeepSwiftEngine

/// Which way a value gets better.
public enum MonitorMode: String, Codable, Sendable {
  /// Losses and errors down, accuracies up.
  case auto
  /// Lower values are better, or higher ones.
  case min, max

  /// Whether a larger value of `name` is better.
  func isUpward(_ name: String) throws -> Bool {
    switch self {
    case .min: return false
    case .max: return true
    case .auto:
      guard let upward = History.higherIsBetter(name) else {
        throw ModelError(
          .argument, "whether \"\(name)\" should grow or shrink does not follow from its name. Say mode: .min or mode: .max.")
      }
      return upward
    }
  }
}

/// Watches one value of the logs for an improvement by more than `minDelta`.
package struct Monitor {
  package let name: String
  private let mode: MonitorMode
  private let minDelta: Double
  private var isUpward = false
  private var hasWarned = false
  package private(set) var best = 0.0

  package init(_ name: String, mode: MonitorMode, minDelta: Double) {
    self.name = name
    self.mode = mode
    self.minDelta = abs(minDelta)
  }

  package mutating func begin() throws {
    isUpward = try mode.isUpward(name)
    best = isUpward ? -.infinity : .infinity
    hasWarned = false
  }

  /// The watched value; says once if there is none.
  package mutating func value(in logs: Logs, _ run: TrainingRun, _ who: String) -> Double? {
    if let value = logs[name] { return value }
    if !hasWarned {
      hasWarned = true
      run.print("\(who): there is no \"\(name)\" to watch; there are \(logs.keys.joined(separator: ", ")).")
    }
    return nil
  }

  package func isBetter(_ value: Double, than reference: Double) -> Bool {
    isUpward ? value - minDelta > reference : value + minDelta < reference
  }

  package func improves(_ value: Double) -> Bool { isBetter(value, than: best) }

  package mutating func keep(_ value: Double) { best = value }
}
