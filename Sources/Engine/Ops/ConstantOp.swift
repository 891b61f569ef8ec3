/// Numbers that never change.
package struct ConstantOp: Op {
  package let values: [Float]
  package let dimensions: Shape
  package let isSource = true

  package func shape(_ inputs: [Shape]) -> Shape { dimensions }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let memory = plan.constants.pointer(array: values), count = values.count, output = site.output
    plan.shared("constant", parts: 1, reads: [], writes: [output]) { chunk in
      chunk[output].update(from: memory, count: count)
    }
    return []
  }

  package func backward(_ site: Site, _ plan: inout Plan) {}
}

/// `x`, but no gradient goes back through it.
package struct StopGradientOp: Op {
  package let passesGradients = false
  package func shape(_ inputs: [Shape]) -> Shape { inputs[0] }
  package func isView(in mode: Mode) -> Bool { true }
  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] { [] }
  package func backward(_ site: Site, _ plan: inout Plan) {}
}
