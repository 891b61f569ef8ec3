import DeepSwiftEngine

/// What `evaluate` measured.
public struct Scores: Sendable, Equatable {
  /// All values by name.
  public let logs: Logs

  /// Scores with these values.
  public init(_ logs: Logs) { self.logs = logs }

  /// The loss; NaN if there is none.
  public var loss: Double { logs["loss"] ?? .nan }
  /// NaN if accuracy was not among the metrics.
  public var accuracy: Double { logs["accuracy"] ?? .nan }
  /// The value with this name.
  public subscript(name: String) -> Double? { logs[name] }
  /// The names of all values.
  public var names: [String] { logs.keys }
}

extension Scores: CustomStringConvertible {
  public var description: String { logs.description }
}
