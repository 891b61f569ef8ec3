import DeepSwiftEngine

/// What `evaluate` measured.
public struct Scores: Sendable, Equatable {
  /// All values by name.
  public let logs: Logs

  public init(_ logs: Logs) { self.logs = logs }

  public var loss: Double { logs["loss"] ?? .nan }
  /// NaN if accuracy was not among the metrics.
  public var accuracy: Double { logs["accuracy"] ?? .nan }
  public subscript(name: String) -> Double? { logs[name] }
  public var names: [String] { logs.keys }
}

extension Scores: CustomStringConvertible {
  public var description: String { logs.description }
}
