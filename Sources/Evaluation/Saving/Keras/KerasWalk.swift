import DeepSwiftEngine

/// A way through Keras' configuration, which knows where it is when it fails.
class KerasWalk {
  /// The file, and within it the layer, for errors.
  private(set) var place: String

  init(place: String) { self.place = place }

  func fault(_ message: String) -> ModelError { ModelError(.file, at: place, message) }

  /// Errors within `body` name this as well.
  func within<Result>(_ inner: String, _ body: () throws -> Result) rethrows -> Result {
    let outer = place
    place += ", \(inner)"
    defer { place = outer }
    return try body()
  }
}
