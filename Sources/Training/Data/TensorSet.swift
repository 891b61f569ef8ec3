import DeepSwiftEngine

/// What a model with one or several inputs (or outputs) takes: a tensor, tensors in order, or tensors by name.
public protocol TensorSet {
  /// The tensors in the order of `names`.
  func ordered(as names: [String], _ what: String) throws -> [Tensor]
}

extension Tensor: TensorSet {
  public func ordered(as names: [String], _ what: String) throws -> [Tensor] { try [self].ordered(as: names, what) }
}

extension Array: TensorSet where Element == Tensor {
  public func ordered(as names: [String], _ what: String) throws -> [Tensor] {
    guard count == names.count else {
      throw ModelError(
        .argument, "the model has \(names.count) \(what)s (\(names.map { "\"\($0)\"" }.joined(separator: ", "))), received "
          + "\(count)")
    }
    return self
  }
}

extension Dictionary: TensorSet where Key == String, Value == Tensor {
  public func ordered(as names: [String], _ what: String) throws -> [Tensor] {
    let all = names.map { "\"\($0)\"" }.joined(separator: ", ")
    if let unknown = keys.sorted().first(where: { !names.contains($0) }) {
      throw ModelError(.name, "no \(what) is called \"\(unknown)\". The \(what)s are \(all).")
    }
    return try names.map { name in
      guard let tensor = self[name] else {
        throw ModelError(.name, "the \(what) \"\(name)\" is missing. The \(what)s are \(all).")
      }
      return tensor
    }
  }
}
