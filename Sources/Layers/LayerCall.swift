import DeepSwiftEngine

/// A use of a layer in a functional model, before the model has given the layer a name and weights.
///
/// The model that is made of such nodes replaces each by what its layer's `forward` returns.
package final class LayerCall: Op {
  package let layer: any Layer
  /// Whose weights are meant: uses with the same identity share them.
  package let identity: AnyObject
  /// Which of several outputs.
  package let output: Int
  package let isPerSampleSource = true

  /// - Parameter identity: by default the layer itself where it has identity (a model, a `Shared` layer), else this use.
  package init(_ layer: any Layer, identity: AnyObject? = nil, output: Int = 0) {
    self.layer = layer
    self.output = output
    final class Identity {}
    self.identity = identity ?? (type(of: layer) is AnyClass ? layer as AnyObject : Identity())
  }

  /// Draws the layer's expression on stand-ins, to see the shape that comes out.
  package func shape(_ inputs: [Shape]) throws -> Shape {
    let title = layer.name.map { "\($0) (\(type(of: layer)))" } ?? "\(type(of: layer))"
    let weights = Weights(Scope(name: layer.name ?? "layer", title: title), Trace(), isTrainable: true)
    let stands = inputs.map { Input(shape: $0) }
    let node = layer.outputs(for: stands, weights)[output]
    if var error = node.error {
      error.place = error.place ?? title
      throw error
    }
    return node.shape
  }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    preconditionFailure("\(layer) is planned before its model gave it weights")
  }

  package func backward(_ site: Site, _ plan: inout Plan) {}
}

/// A layer with several outputs.
package protocol MultipleOutputs: Layer {
  /// How many there are.
  var outputCount: Int { get }
  func outputs(for inputs: [Node], _ weights: Weights) -> [Node]
}

extension Layer {
  package func outputs(for inputs: [Node], _ weights: Weights) -> [Node] {
    // Inside, so that a type's own implementation is found although this one is no requirement of `Layer`.
    if let several = self as? any MultipleOutputs { return several.outputs(for: inputs, weights) }
    return [output(for: inputs, weights)]
  }
}
