import DeepSwift

/// A layer: `x · scale + shift`, both learned for each feature.
struct ScaleShift: Layer {
  func forward(_ x: Node, _ weights: Weights) -> Node {
    let scale = weights("scale", [x.shape.last], .ones)
    let shift = weights("shift", [x.shape.last], .zeros)
    return x * scale + shift
  }
}
