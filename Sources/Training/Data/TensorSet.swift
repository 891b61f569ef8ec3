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
      let expected = names.count == 1 ? "one \(what)" : "\(names.count) \(what)s"
      throw ModelError(
        .argument, "the model has \(expected) (\(names.map { "\"\($0)\"" }.joined(separator: ", "))), received \(count)")
    }
    return self
  }
}

extension Dictionary: TensorSet where Key == String, Value == Tensor {
  public func ordered(as names: [String], _ what: String) throws -> [Tensor] {
    let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
    let all = names.count == 1 ? "The only \(what) is \(list)." : "The \(what)s are \(list)."
    if let unknown = keys.sorted().first(where: { !names.contains($0) }) {
      throw ModelError(.name, "no \(what) is called \"\(unknown)\". \(all)")
    }
    return try names.map { name in
      guard let tensor = self[name] else {
        throw ModelError(.name, "the \(what) \"\(name)\" is missing. \(all)")
      }
      return tensor
    }
  }
}
