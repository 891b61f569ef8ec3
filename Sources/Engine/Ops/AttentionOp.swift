import DeepSwiftKernels

/// Scaled dot-product attention: `softmax(scale · q kᵀ) · v` in each of several heads.
///
/// Inputs: q [queries, heads · keyDimension], k [keys, heads · keyDimension], v [keys, heads · valueDimension], and perhaps a
/// mask [queries, keys]: 0 where a query must not see a key. Output [queries, heads · valueDimension].
package struct AttentionOp: Op {
  package let heads: Int
  package let scale: Float
  /// Query `i` sees keys `0...i` only.
  package let isCausal: Bool
  /// Drops probabilities while training.
  package let dropout: DropoutOp

  package func shape(_ inputs: [Shape]) throws -> Shape {
    _ = try dropout.shape([[]])
    let (q, k, v) = (inputs[0], inputs[1], inputs[2])
    guard q.rank == 2, k.rank == 2, v.rank == 2, q[1] == k[1], k[0] == v[0], heads > 0, q[1] % heads == 0, v[1] % heads == 0
    else {
      throw ModelError(
        .shape,
        "attention of \(heads) heads needs queries, keys and values of shapes [queries, k], [keys, k] and [keys, v] with k and "
          + "v multiples of \(heads), received \(q), \(k) and \(v)")
    }
    if inputs.count > 3, inputs[3] != [q[0], k[0]] {
      throw ModelError(.shape, "the mask has shape \(inputs[3]); \(q[0]) queries and \(k[0]) keys need [\(q[0]), \(k[0])]")
    }
    return [q[0], v[1]]
  }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let g = plan.constants.pointer(geometry(site.node)), number = UInt32(site.output.index)
    let (q, k, v, y) = (site.inputs[0], site.inputs[1], site.inputs[2], site.output)
    let mask = site.inputs.count > 3 ? site.inputs[3] : nil
    let maskRow = mask != nil && site.node.inputs[3].isPerSample ? site.node.inputs[3].count : 0
    let scores = heads * site.node.shape[0] * site.node.inputs[1].shape[0]
    let p = plan.mode == .training ? plan.buffer(site.isPerSample ? .perRow(scores) : .once(scores)) : nil
    let dropping = plan.mode == .training, room = plan.room(floats: kernels.attention_workspace(g))
    let products = scores * (g.pointee.key_dim + g.pointee.value_dim)
    let parts = min(site.node.shape[0], plan.workers(forOneRowOf: site, products: products))
    // Which keys a query sees goes by its place, if the mask is causal.
    if parts > 1, !isCausal {
      forwardInParts(site, parts, g.pointee, products, mask, room, &plan)
      return []
    }
    plan.each(site, "attention", reads: [q, k, v, mask], writes: [y, p]) { [dropout] chunk in
      let dropped = dropping ? dropout.mask(chunk, number) : ds_dropout()
      kernels.attention_forward(
        g, chunk.rows, chunk[q], chunk[k], chunk[v], chunk[mask], maskRow, dropped, chunk.firstRow, chunk[p], chunk[y],
        chunk[room])
    }
    return p.map { [$0] } ?? []
  }

  /// A single sequence, its queries shared out among the workers.
  private func forwardInParts(
    _ site: Site, _ parts: Int, _ whole: ds_attention, _ products: Int, _ mask: Buffer?, _ room: Buffer, _ plan: inout Plan
  ) {
    let (q, k, v, y) = (site.inputs[0], site.inputs[1], site.inputs[2], site.output)
    let ranges = (0..<parts).map { share(of: whole.queries, $0, of: parts) }
    let geometries = plan.constants.pointer(
      array: ranges.map { queries in
        var some = whole
        some.queries = queries.count
        return some
      })
    let starts = plan.constants.pointer(array: ranges.map(\.lowerBound))
    plan.shared("attention", parts: parts, reads: [q, k, v, mask], writes: [y], work: products) { chunk in
      for part in chunk.parts {
        let first = starts[part]
        kernels.attention_forward(
          geometries + part, 1, chunk[q] + first * whole.heads * whole.key_dim, chunk[k], chunk[v],
          chunk[mask].map { $0 + first * whole.keys }, 0, ds_dropout(), 0, nil,
          chunk[y] + first * whole.heads * whole.value_dim, chunk[room])
      }
    }
  }

  package func backward(_ site: Site, _ plan: inout Plan) {
    let g = plan.constants.pointer(geometry(site.node)), number = UInt32(site.output.index)
    let (q, k, v, dy, p) = (site.inputs[0], site.inputs[1], site.inputs[2], site.outputGradient, site.kept[0])
    let (dq, dk, dv) = (site.inputGradients[0], site.inputGradients[1], site.inputGradients[2])
    let room = plan.room(floats: kernels.attention_workspace(g))
    plan.each(site, "attention back", reads: [q, k, v, p, dy], writes: [dq, dk, dv]) { [dropout] chunk in
      kernels.attention_backward(
        g, chunk.rows, chunk[q], chunk[k], chunk[v], chunk[p], dropout.mask(chunk, number), chunk.firstRow, chunk[dy], chunk[dq],
        chunk[dk], chunk[dv], chunk[room])
    }
  }

  private func geometry(_ node: Node) -> ds_attention {
    let (q, k, v) = (node.inputs[0].shape, node.inputs[1].shape, node.inputs[2].shape)
    return ds_attention(
      queries: q[0], keys: k[0], heads: heads, key_dim: q[1] / heads, value_dim: v[1] / heads, scale: scale,
      causal: isCausal ? 1 : 0)
  }
}
