import DeepSwiftEngine
import DeepSwiftLayers

/// Names layers as Keras does: `dense`, `dense_1`, in the order in which they are asked for.
package struct LayerNames {
  private var counts: [String: Int] = [:]
  private var taken: Set<String>

  /// - Parameter taken: names that were given by hand.
  init(taken: Set<String> = []) { self.taken = taken }

  mutating func name(for layer: any Layer) -> String {
    if let name = layer.name { return name }
    let base = LayerNames.base(for: layer)
    while true {
      let count = counts[base, default: 0]
      counts[base] = count + 1
      let name = count == 0 ? base : "\(base)_\(count)"
      if taken.insert(name).inserted { return name }
    }
  }

  private static func base(for layer: any Layer) -> String {
    if let shared = layer as? Shared { return base(for: shared.layer) }
    if layer is InputLayer { return "input_layer" }
    if layer is Model, !(layer is Sequential) { return "functional" }
    return snakeCase("\(type(of: layer))")
  }

  /// `MaxPooling2D` → `max_pooling2d`: an underscore before a capital that begins a word.
  package static func snakeCase(_ name: String) -> String {
    let letters = Array(name.prefix { $0 != "<" })
    var result = ""
    for (index, letter) in letters.enumerated() {
      if index > 0, letter.isUppercase {
        let next = index + 1 < letters.count ? letters[index + 1] : nil
        if letters[index - 1].isLowercase || (next?.isLowercase ?? false) { result += "_" }
      }
      result += letter.lowercased()
    }
    return result
  }
}
