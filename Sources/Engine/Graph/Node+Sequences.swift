// Operations on sequences, samples of shape [steps, features].

/// What an LSTM gives.
package enum LSTMOutput: Sendable {
  /// h after the last step, [units].
  case last
  /// h after each step, [steps, units].
  case sequence
  /// The same, and behind it c after the last step, [steps + 1, units].
  case sequenceAndCell
}

extension Node {
  /// Long short-term memory over the steps of a sequence, gates in the order input, forget, cell, output.
  ///
  ///     [i f g o] = [x h] W + b;  c' = σ(f) c + σ(i) tanh(g);  h' = σ(o) tanh(c')
  ///
  /// - Parameters:
  ///   - kernel: [features, 4 units].
  ///   - recurrent: [units, 4 units].
  ///   - bias: [4 units].
  ///   - initialState: h and c to start from, [units] each; zeros without.
  package func lstm(
    kernel: Node, recurrent: Node, bias: Node?, initialState: (h: Node, c: Node)?, output: LSTMOutput, goesBackwards: Bool
  ) -> Node {
    let op = LSTMOp(
      output: output, goesBackwards: goesBackwards, hasBias: bias != nil, hasInitialState: initialState != nil)
    let states = initialState.map { [$0.h, $0.c] } ?? []
    if error == nil, let odd = states.first(where: { $0.isPerSample != isPerSample }) {
      return odd.error == nil
        ? Node(poisoned: ModelError(.shape, "the sequence differs from sample to sample, so its initial states must too")) : odd
    }
    let weights = [kernel, recurrent] + (bias.map { [$0] } ?? [])
    return Node(op, [self] + weights.map { $0.sharedBySamples("weight") } + states)
  }
}

/// `softmax(scale · query · keyᵀ) · value` in each of several heads, whose features lie side by side.
///
/// - Parameters:
///   - query: [queries, heads · k].
///   - key: [keys, heads · k].
///   - value: [keys, heads · v]. The result is [queries, heads · v].
///   - scale: by default `1 / √k`.
///   - mask: [queries, keys], 0 where a query must not see a key. A query that may see none gets zeros.
///   - isCausal: whether query `i` sees keys `0...i` only.
///   - dropout: which share of the probabilities is set to zero while training.
public func attention(
  query: Node, key: Node, value: Node, heads: Int = 1, scale: Float? = nil, mask: Node? = nil, isCausal: Bool = false,
  dropout: Float = 0, dropoutKey: UInt32? = nil, seed: UInt64? = nil
) -> Node {
  let width = query.shape.last / max(heads, 1), scale = scale ?? 1 / Float(max(width, 1)).squareRoot()
  let drops = DropoutOp(rate: dropout, key: dropoutKey, seed: seed)
  let op = AttentionOp(heads: heads, scale: scale, isCausal: isCausal, dropout: drops)
  let operands = [query, key, value]
  if let odd = operands.first(where: { $0.isPerSample != query.isPerSample }), odd.error == nil, query.error == nil {
    return Node(
      poisoned: ModelError(
        .shape, "of query, key and value some differ from sample to sample and some do not; attention needs all of one kind"))
  }
  return Node(op, operands + (mask.map { [stopGradient($0)] } ?? []))
}
