import DeepSwiftKernels

/// A place where data enter an expression.
package final class InputKey {
  package let name: String?
  package let shape: Shape

  init(_ name: String?, _ shape: Shape) {
    self.name = name
    self.shape = shape
  }
}

/// The samples of the batch: picked by the shuffled order, converted and scaled on the way in.
package struct InputOp: Op {
  package let key: InputKey
  private(set) var scale: Float = 1
  private(set) var offset: Float = 0
  package let isSource = true, isPerSampleSource = true

  var isScaled: Bool { scale != 1 || offset != 0 }

  func scaled(by scale: Float, offset: Float) -> InputOp {
    var copy = self
    copy.scale = scale
    copy.offset = offset
    return copy
  }

  package func shape(_ inputs: [Shape]) throws -> Shape {
    if let bad = key.shape.dimensions.first(where: { $0 < 1 }) {
      throw ModelError(
        .shape, "an input of shape \(key.shape) has an axis of length \(bad). Give the shape of one sample, without the batch.")
    }
    return key.shape
  }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    guard let source = plan.sources[ObjectIdentifier(key)] else {
      preconditionFailure("an expression uses an input that is none of its program's")
    }
    let count = site.node.count, output = site.output, scale = scale, offset = offset
    plan.byRows("gather", reads: [], writes: [output]) { chunk in
      let batch = chunk.batch, from = batch.pointee.sources[source]
      kernels.gather(
        from.type, chunk.rows, count, from.samples, batch.pointee.order + chunk.firstRow, scale, offset, chunk[output])
    }
    return []
  }

  // Reached only where gradients toward the data are asked for: what is in the buffer stays, but for the scale.
  package func backward(_ site: Site, _ plan: inout Plan) {
    guard scale != 1 else { return }
    let count = site.node.count, gradient = site.outputGradient, scale = scale
    plan.byRows("scale", reads: [gradient], writes: [gradient]) { chunk in
      kernels.scale(chunk.rows * count, scale, chunk[gradient])
    }
  }
}

// Written like a layer, as in Keras.
// swift-format-ignore: AlwaysUseLowerCamelCase
/// A place where data enter a model. The shape is that of one sample, without the batch.
///
/// ```swift
/// let x = Input(shape: [28, 28])
/// let model = Model(inputs: x, outputs: Dense(10)(Flatten()(x)))
/// ```
public func Input(shape: Shape, name: String? = nil) -> Node { Node(InputOp(key: InputKey(name, shape))) }
