import DeepSwiftEngine
import Foundation

/// What a callback has gathered, for a backup of the training: some values, and tensors where there are any.
///
/// ```swift
/// final class CountWords: Callback {
///   private var words = 0
///   func state() throws -> CallbackState? { try CallbackState(words) }
///   func trainingResumed(from state: CallbackState?, _ run: TrainingRun) throws {
///     words = try state?.values(as: Int.self) ?? 0
///   }
/// }
/// ```
public struct CallbackState {
  let encoded: Data
  /// Tensors that belong to the state.
  public let tensors: [String: Tensor]

  /// A state of values that can be encoded, and of tensors.
  public init(_ values: some Encodable, tensors: [String: Tensor] = [:]) throws {
    encoded = try Stored.data(values)
    self.tensors = tensors
  }

  init(encoded: Data, tensors: [String: Tensor]) { (self.encoded, self.tensors) = (encoded, tensors) }

  /// The values that the state was made of.
  public func values<Values: Decodable>(as type: Values.Type) throws -> Values { try Stored.value(encoded) }
}
