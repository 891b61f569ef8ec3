import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftLayers
import DeepSwiftTraining

/// Makes layers, initializers, losses … of Keras' configuration.
final class KerasReader: KerasWalk {
  /// Types of one's own, which count before those of the library.
  let customLayers: [any Layer.Type]
  /// Models that stand in several places, by Keras' number for them.
  var sharedModels: [Int: Model] = [:]
  /// Layers that stand in several models, by the same numbers.
  var sharedLayers: Set<Int> = []

  init(place: String, customLayers: [any Layer.Type] = []) {
    self.customLayers = customLayers
    super.init(place: place)
  }

  /// A setting of some protocol: an object, or the name of a class with its default settings.
  func object<Value>(_ kind: KerasKind, _ json: JSON, as type: Value.Type = Value.self) throws -> Value {
    let object = try KerasObject(json, kind, self)
    guard let found = self.type(kind, object) else {
      let remedy = [.initializer, .regularizer].contains(kind) ? ". Take another one in Python, and save again." : ""
      throw fault("the \(kind) \(object.className) is not known here\(object.origin)\(remedy)")
    }
    guard let value = try value(found, object.config, object.className) as? Value else {
      throw fault("\(object.className) is no \(kind)")
    }
    return value
  }

  func type(_ kind: KerasKind, _ object: KerasObject) -> Any.Type? {
    if kind == .layer, let custom = customLayers.first(where: { "\($0)" == object.className }) { return custom }
    return kind.type(named: object.className, module: object.module)
  }

  /// Refuses what computes in numbers of another type.
  func checkNumbers(_ dtype: JSON?, of what: String) throws {
    guard let dtype, !KerasAttributes.isFloat32(dtype) else { return }
    let name = KerasAttributes.typeName(dtype) ?? dtype.excerpt
    throw fault("dtype: \(name). DeepSwift computes in float32; set the \(what)'s dtype in Python and save again.")
  }

  /// A value of that type with Keras' settings, all of which must mean something here.
  func value(_ type: Any.Type, _ config: JSON.Object, _ className: String) throws -> Any {
    guard let decodable = type as? any Decodable.Type else {
      throw fault("the settings of \(className) cannot be read: make the type Codable")
    }
    var config = config
    let form = type as? any KerasForm.Type
    for (name, value) in zip(form?.kerasDefaults.keys ?? [], form?.kerasDefaults.values ?? []) where config[name] == nil {
      config[name] = value
    }
    try form?.read(&config, self)
    try checkNumbers(config["dtype"], of: "layer")
    config["dtype"] = nil
    let decoder = KerasDecoder(.object(config), self, names: form?.kerasNames ?? [:])
    let value: any Decodable
    do {
      value = try decodable.init(from: decoder)
    } catch let error as DecodingError {
      throw fault("\(error)")
    }
    // A name belongs to the place in the model: a type need not have one of its own.
    for name in config.keys where !decoder.used.names.contains(name) && name != "name" {
      guard let setting = config[name], !KerasAttributes.isNeutral(name, setting) else { continue }
      throw fault(
        "\(name): \(setting.excerpt) has no counterpart in DeepSwift's \(className). Change it in Python to what leaves it out, "
          + "and save again.")
    }
    return value
  }
}

/// An object as Keras writes it: `{"module": …, "class_name": …, "config": …, "registered_name": …}`.
struct KerasObject {
  let className: String
  let module: String?
  var config: JSON.Object

  init(_ json: JSON, _ kind: KerasKind, _ reader: KerasReader) throws {
    if let name = json.string {
      // Keras' short way: `glorot_uniform`, `GlorotUniform`.
      self.init(className: KerasObject.className(of: name), module: nil, config: [:])
      return
    }
    guard let name = json["class_name"]?.string else { throw reader.fault("an object is expected, found \(json.excerpt)") }
    // A function, which Keras writes where an object would do.
    if name == "function", let function = json["config"]?.string {
      self.init(className: KerasObject.className(of: function), module: nil, config: [:])
      return
    }
    guard let config = json["config"]?.object ?? (json["config"]?.isNull ?? true ? [:] : nil) else {
      throw reader.fault("the settings of \(name) are expected, found \(json["config"]?.excerpt ?? "nothing")")
    }
    // Keras 2 says where a class was registered.
    let plain = name.split(separator: ">").last.map(String.init) ?? name
    self.init(className: plain, module: json["module"]?.string, config: config)
  }

  init(className: String, module: String?, config: JSON.Object) {
    (self.className, self.module, self.config) = (className, module, config)
  }

  /// ` (module my_package)`, for errors.
  var origin: String { module.map { " (module \($0))" } ?? "" }

  static func className(of name: String) -> String {
    guard name.first?.isLowercase ?? false else { return name }
    return name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
