import DeepSwiftDatasets
import DeepSwiftEngine

/// How a type deviates from the rule that a setting stands in Keras' configuration under its own name in snake case.
///
/// Types that follow the rule need nothing of this: they are `Codable`.
protocol KerasForm {
  /// Keras' name of the class.
  static var kerasClass: String { get }
  /// Settings that Keras calls something else.
  static var kerasNames: [String: String] { get }
  /// What settings are where Keras' configuration lacks them, under Keras' names: older versions did not have them all.
  static var kerasDefaults: JSON.Object { get }
  /// Changes what the rule wrote into what Keras expects.
  func write(_ config: inout JSON.Object) throws
  /// Changes what Keras wrote into what the rule expects.
  static func read(_ config: inout JSON.Object, _ reader: KerasReader) throws
  /// The folders in which Keras keeps a layer's weights, if it keeps them in several.
  func kerasFolders(_ parameters: [Parameter]) -> [KerasFolder]
  /// What goes into a call of the layer: by place, and by name.
  func kerasCall(_ tensors: [JSON]) -> (args: [JSON], kwargs: JSON.Object)
  /// Takes over what Keras says in a call and DeepSwift among the settings.
  mutating func read(args: [JSON], kwargs: JSON.Object)
}

extension KerasForm {
  static var kerasClass: String { "\(Self.self)" }
  static var kerasNames: [String: String] { [:] }
  static var kerasDefaults: JSON.Object { [:] }
  func write(_ config: inout JSON.Object) throws {}
  static func read(_ config: inout JSON.Object, _ reader: KerasReader) throws {}
  func kerasFolders(_ parameters: [Parameter]) -> [KerasFolder] { [KerasFolder("", parameters)] }
  func kerasCall(_ tensors: [JSON]) -> (args: [JSON], kwargs: JSON.Object) {
    (tensors.count == 1 ? tensors : [.array(tensors)], [:])
  }
  mutating func read(args: [JSON], kwargs: JSON.Object) {}
}

/// A value that Keras writes in a form of its own: a size as a list, a function as its name.
protocol KerasCoded {
  init(_ json: JSON, _ reader: KerasReader) throws
  func json(_ writer: KerasWriter) throws -> JSON
}

/// `kernelInitializer` → `kernel_initializer`
func snakeCase(_ name: String) -> String {
  name.reduce(into: "") { result, letter in
    if letter.isUppercase { result += "_" }
    result += letter.lowercased()
  }
}
