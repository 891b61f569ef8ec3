/// Numbers that never change.
struct ConstantOp: Op {
  let values: [Float]
  let dimensions: Shape
  let isSource = true

  func shape(_ inputs: [Shape]) -> Shape { dimensions }

  func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let memory = plan.constants.pointer(array: values), count = values.count, output = site.output
    plan.shared("constant", parts: 1, reads: [], writes: [output]) { chunk in
      chunk[output].update(from: memory, count: count)
    }
    return []
  }

  func backward(_ site: Site, _ plan: inout Plan) {}
}

/// `x`, but no gradient goes back through it.
struct StopGradientOp: Op {
  let passesGradients = false
  func shape(_ inputs: [Shape]) -> Shape { inputs[0] }
  func isView(in mode: Mode) -> Bool { true }
  func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] { [] }
  func backward(_ site: Site, _ plan: inout Plan) {}
}
