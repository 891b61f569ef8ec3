/// Where a training stands between two steps.
public struct TrainingPosition: Hashable, Codable, Sendable {
  /// The epoch that runs or comes next, from 0.
  public internal(set) var epoch: Int
  /// How many of its steps are done.
  public internal(set) var step = 0
}

/// How far a training has come in its data. What it has seen since follows from the optimizer's steps.
struct DataPosition: Codable {
  /// Passes over the data that were begun.
  var passes = 0
  /// The optimizer's steps when the last one began: its order follows from them.
  var iteration = 0
  /// Batches that were taken from it.
  var batches = 0
  /// Whether the next step begins a pass of its own.
  var isOver = true
  /// Passes over the validation data.
  var validations = 0
}
