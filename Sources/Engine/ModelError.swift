import Foundation

/// What went wrong, where, and what to do about it.
///
/// Everything that a user's data, files or calls can cause is thrown as a `ModelError` before any state has changed.
public struct ModelError: Error, Hashable, Sendable {
  /// What went wrong, in one word.
  public enum Kind: String, Sendable {
    /// A shape that does not fit, in a model or in its data.
    case shape
    /// Labels out of range, of the wrong kind, or that do not fit the loss.
    case labels
    /// A number that is not one, or infinite, where the caller asked for a check.
    case notANumber
    /// A call that needs another one first: `compile` before `fit`, data or an `Input` before `summary` of weights.
    case notReady
    /// An argument that makes no sense: a batch size of zero, a fraction above one, no data.
    case argument
    /// A name that no layer, weight, input, output or metric has, or that two have.
    case name
    /// A file or download that is missing, broken or of the wrong format.
    case file
  }

  /// What went wrong, in one word.
  public var kind: Kind
  /// The layer, input, output or file in question: `dense_1 (Dense)`, `input "age"`.
  public var place: String?
  /// What was expected, what came, and what to do.
  public var message: String

  /// An error with the place where it arose.
  public init(_ kind: Kind, at place: String? = nil, _ message: String) {
    self.kind = kind
    self.place = place
    self.message = message
  }
}

extension ModelError: CustomStringConvertible, LocalizedError {
  public var description: String { place.map { "\($0): \(message)" } ?? message }
  public var errorDescription: String? { description }
}
