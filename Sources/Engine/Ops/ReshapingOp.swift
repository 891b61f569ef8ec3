/// The same elements in order under another shape.
package struct ReshapingOp: Op {
  package let target: Shape

  package func shape(_ inputs: [Shape]) throws -> Shape {
    let count = inputs[0].count
    let open = target.dimensions.indices.filter { target.dimensions[$0] == -1 }
    let known = target.dimensions.filter { $0 != -1 }
    guard open.count <= 1, known.allSatisfy({ $0 > 0 }) else {
      throw ModelError(.shape, "\(target) is no shape: lengths are positive, and one of them at most may be -1")
    }
    let product = known.reduce(1, *)
    guard open.isEmpty ? product == count : count % product == 0 else {
      throw ModelError(
        .shape,
        "cannot give \(count) elements of shape \(inputs[0]) the shape \(target), which holds "
          + (open.isEmpty ? "\(product)" : "a multiple of \(product)"))
    }
    var result = target
    if let axis = open.first { result[axis] = count / product }
    return result
  }

  package func isView(in mode: Mode) -> Bool { true }
  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] { [] }
  package func backward(_ site: Site, _ plan: inout Plan) {}
}
