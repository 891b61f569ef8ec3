import DeepSwiftKernels

/// Long short-term memory with gates by sigmoid and tanh: a few rows go through all steps together.
///
///     [i f g o] = [x h] W + b;  c' = σ(f) c + σ(i) tanh(g);  h' = σ(o) tanh(c')
///
/// Inputs: x [steps, features], kernel [features, 4 units], recurrent kernel [units, 4 units], then a bias [4 units] and the
/// states h and c [units] to start from, where there are any.
///
/// Output h after the last step [units], after each step [steps, units], or the same and behind it c after the last step
/// [steps + 1, units].
package struct LSTMOp: Op {
  package let output: LSTMOutput
  package let goesBackwards, hasBias, hasInitialState: Bool

  package func shape(_ inputs: [Shape]) throws -> Shape {
    let x = inputs[0]
    guard x.rank == 2 else {
      throw ModelError(.shape, "expects sequences, samples of shape [steps, features], received samples of shape \(x)")
    }
    let units = inputs[2][0]
    guard inputs[1] == [x.last, 4 * units], inputs[2] == [units, 4 * units], !hasBias || inputs[3] == [4 * units] else {
      throw ModelError(.shape, "weights of shapes \(inputs.dropFirst()) do not fit samples of shape \(x)")
    }
    if hasInitialState, let state = inputs.suffix(2).first(where: { $0 != [units] }) {
      throw ModelError(.shape, "an initial state has shape \(state), the layer has \(units) units")
    }
    switch output {
    case .last: return [units]
    case .sequence: return [x[0], units]
    case .sequenceAndCell: return [x[0] + 1, units]
    }
  }

  private func geometry(_ node: Node) -> ds_lstm {
    let x = node.inputs[0].shape
    let kind =
      switch output {
      case .last: ds_lstm_last
      case .sequence: ds_lstm_sequence
      case .sequenceAndCell: ds_lstm_sequence_and_cell
      }
    return ds_lstm(steps: x[0], inputs: x[1], units: node.shape.last, backwards: goesBackwards ? 1 : 0, output: kind)
  }

  /// Fewer rows at a time read the weights too often.
  private static let rowsAtOnce = 8

  /// Where the initial h and c stand among the inputs.
  private func states<T>(_ inputs: [T]) -> (T, T)? {
    hasInitialState ? (inputs[inputs.count - 2], inputs[inputs.count - 1]) : nil
  }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let g = plan.constants.pointer(geometry(site.node)), trains = plan.mode == .training
    let (x, kernel, recurrent, y) = (site.inputs[0], site.inputs[1], site.inputs[2], site.output)
    let bias = hasBias ? site.inputs[3] : nil, (h, c) = states(site.inputs.map(Optional.some)) ?? (nil, nil)
    let packed = plan.buffer(.once(kernels.lstm_packed_size(g))), turned = plan.buffer(.once(kernels.lstm_turned_size(g)))
    plan.shared("lstm pack", parts: kernels.lstm_pack_parts(g), reads: [kernel, recurrent, bias], writes: [packed]) { chunk in
      kernels.lstm_pack(g, chunk[kernel], chunk[recurrent], chunk[bias], chunk[packed], chunk.firstPart, chunk.lastPart)
    }
    if trains {
      plan.shared("lstm pack", parts: kernels.lstm_turn_parts(g), reads: [kernel, recurrent], writes: [turned]) { chunk in
        kernels.lstm_turn(g, chunk[kernel], chunk[recurrent], chunk[turned], chunk.firstPart, chunk.lastPart)
      }
    }
    let size = kernels.lstm_kept_size(g)
    let kept = trains ? plan.buffer(site.isPerSample ? .perRow(size) : .once(size)) : nil
    let room = plan.room(floats: kernels.lstm_workspace(g))
    plan.eachShard(site, "lstm", atLeast: Self.rowsAtOnce, reads: [x, packed, h, c], writes: [y, kept]) { chunk in
      kernels.lstm_forward(g, chunk.rows, chunk[x], chunk[packed], chunk[h], chunk[c], chunk[y], chunk[kept], chunk[room])
    }
    return kept.map { [turned, $0] } ?? []
  }

  package func backward(_ site: Site, _ plan: inout Plan) {
    let g = plan.constants.pointer(geometry(site.node)), isPerSample = site.isPerSample
    let (x, dy, turned, kept) = (site.inputs[0], site.outputGradient, site.kept[0], site.kept[1])
    let (dx, dKernel, dRecurrent) = (site.inputGradients[0], site.inputGradients[1], site.inputGradients[2])
    let dBias = hasBias ? site.inputGradients[3] : nil, (dh, dc) = states(site.inputGradients) ?? (nil, nil)
    let size = kernels.lstm_packed_size(g), weights = [dKernel, dRecurrent, dBias]
    let sum = weights.contains { $0 != nil } ? plan.buffer(.perShard(size)) : nil
    let room = plan.room(floats: kernels.lstm_workspace(g))
    plan.eachShard(
      site, "lstm back", atLeast: Self.rowsAtOnce, reads: [x, turned, kept, dy], writes: [sum, dx, dh, dc]
    ) { chunk in
      kernels.lstm_backward(
        g, chunk.rows, chunk[x], chunk[turned], chunk[kept], chunk[dy], chunk.start, chunk[sum], chunk[dx], chunk[dh], chunk[dc],
        chunk[room])
    }
    guard let sum else { return }
    plan.shared("lstm dw", parts: kernels.lstm_finish_parts(g), reads: [sum], writes: weights) { chunk in
      kernels.lstm_finish(
        g, isPerSample ? chunk.batch.pointee.shards : 1, Memory.rounded(size), chunk[sum], chunk[dKernel], chunk[dRecurrent],
        chunk[dBias], chunk.firstPart, chunk.lastPart)
    }
  }
}
