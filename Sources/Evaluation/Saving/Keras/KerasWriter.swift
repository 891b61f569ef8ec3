import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftLayers

/// Writes layers, initializers, losses … as Keras' configuration.
final class KerasWriter: KerasWalk {
  /// `{"module": …, "class_name": …, "config": …, "registered_name": …}`
  func object(_ value: Any) throws -> JSON {
    let name = className(type(of: value))
    return try object(value, config: within("\(name)") { try config(of: value) })
  }

  func object(_ value: Any, config: JSON.Object) throws -> JSON {
    guard let kind = KerasKind(of: value) else { throw fault("\(type(of: value)) has no place in Keras") }
    let name = className(type(of: value))
    // Types of a program's own stand under the names that Python's registered classes have.
    let own = String(reflecting: type(of: value)).split(separator: ".").first.map(String.init) ?? ""
    let isOurs = ["DeepSwiftEngine", "DeepSwiftLayers", "DeepSwiftTraining"].contains(own)
    return [
      "module": .string(isOurs ? kind.module : own), "class_name": .string(name), "config": .object(config),
      "registered_name": isOurs ? .null : .string("\(own)>\(name)"),
    ]
  }

  /// The settings of a value as Keras names them.
  func config(of value: Any) throws -> JSON.Object {
    guard let encodable = value as? any Encodable else {
      throw fault("\(type(of: value)) cannot be stored: make it Codable")
    }
    let form = value as? any KerasForm
    let encoder = KerasEncoder(self, names: form.map { Swift.type(of: $0).kerasNames } ?? [:])
    do {
      try encodable.encode(to: encoder)
    } catch let EncodingError.invalidValue(_, context) {
      throw fault(context.debugDescription)
    }
    guard var config = encoder.result.object else {
      throw fault("\(type(of: value)) is stored as \(encoder.result.excerpt), Keras expects settings with names")
    }
    try form?.write(&config)
    return config
  }

  func className(_ type: Any.Type) -> String {
    if let form = type as? any KerasForm.Type { return form.kerasClass }
    return "\(type)"
  }
}
