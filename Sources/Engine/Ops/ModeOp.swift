/// The first input while training, the second in inference. Before anything is planned, it is replaced by the one that counts.
package struct ModeOp: Op {
  package func shape(_ inputs: [Shape]) throws -> Shape {
    guard inputs[0] == inputs[1] else {
      throw ModelError(.shape, "while training the shape would be \(inputs[0]), in inference \(inputs[1]); they must agree")
    }
    return inputs[0]
  }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    preconditionFailure("a mode is chosen before the plan is made")
  }
  package func backward(_ site: Site, _ plan: inout Plan) {}
}
