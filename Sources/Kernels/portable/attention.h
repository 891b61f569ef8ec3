// Attention of one sample after the other, head by head: p = softmax(scale q kᵀ), y = p v.
//
// q [queries][heads][keyDim], k [keys][heads][keyDim], v [keys][heads][valueDim], y [queries][heads][valueDim],
// p [heads][queries][keys]. One operand of each product is packed into panels, which stay in the first-level cache.

INLINE long scoresOf(const ds_attention &a) { return a.queries * a.keys; }

INLINE long attentionPanels(const ds_attention &a) {
  long turned = most(panelFloats(a.key_dim, a.keys), panelFloats(a.value_dim, a.keys));
  long straight = most(panelFloats(a.keys, a.value_dim), panelFloats(a.queries, a.value_dim));
  long back = most(panelFloats(a.keys, a.key_dim), panelFloats(a.queries, a.key_dim));
  return most(turned, most(straight, back));
}

static long attention_workspace(const ds_attention *a) { return attentionPanels(*a) + 2 * roundedUp(scoresOf(*a), 16); }

INLINE bool drops(ds_dropout d) { return d.threshold != 0; }

// Scores become probabilities. What a query must not see has none; one that sees nothing has only zeros.
static void attentionSoftmax(const ds_attention &a, const float *mask, float *p) {
  for (long q = 0; q < a.queries; q++, p += a.keys) {
    if (a.causal && q + 1 < a.keys) fill(a.keys - q - 1, -__builtin_inff(), p + q + 1);
    if (mask)
      inVectors(a.keys, [&](long i, auto n) INLINED {
        store(p + i, load(mask + q * a.keys + i, n) != (Vector){} ? load(p + i, n) : broadcast(-__builtin_inff()), n);
      });
    float most = rowMaximum(p, a.keys) * a.scale;
    if (most == -__builtin_inff()) {
      zero(p, a.keys);
      continue;
    }
    Sixteen sums = {};
    inSixteens(a.keys, [&](long i, int s, auto n) INLINED {
      Vector e = exponential(load(p + i, n) * a.scale - most);
      store(p + i, e, n);
      sums[s] += within(n, e, (Vector){});
    });
    float share = 1 / total(sums);
    inVectors(a.keys, [&](long i, auto n) INLINED { store(p + i, load(p + i, n) * share, n); });
  }
}

static void attention_forward(const ds_attention *shape, long rows, const float *q, const float *k, const float *v,
                              const float *mask, long mask_row, ds_dropout dropped, long position, float *kept, float *y, float *room) {
  const ds_attention a = *shape;
  long keyRow = a.heads * a.key_dim, valueRow = a.heads * a.value_dim;
  float *panels = room, *thinned = room + attentionPanels(a), *own = thinned + roundedUp(scoresOf(a), 16);
  for (long r = 0; r < rows; r++)
    for (long h = 0; h < a.heads; h++) {
      float *p = kept ? kept + (r * a.heads + h) * scoresOf(a) : own;
      const float *used = p;
      packTransposed(a.key_dim, a.keys, k + r * a.keys * keyRow + h * a.key_dim, keyRow, panels);
      multiplyPanels(a.queries, a.keys, a.key_dim, q + r * a.queries * keyRow + h * a.key_dim, keyRow, 1, panels, p, a.keys);
      attentionSoftmax(a, mask ? mask + r * mask_row : nullptr, p);
      if (drops(dropped)) {
        dropout(scoresOf(a), ((position + r) * a.heads + h) * scoresOf(a), dropped, p, thinned);
        used = thinned;
      }
      packPanels(a.keys, a.value_dim, v + r * a.keys * valueRow + h * a.value_dim, valueRow, panels);
      multiplyPanels(a.queries, a.value_dim, a.keys, used, a.keys, 1, panels, y + r * a.queries * valueRow + h * a.value_dim, valueRow);
    }
}

// With t = dropped p: dv = tᵀ dy, dt = dy vᵀ, dp = dropped dt, ds = p (dp - sum p dp) scale, dq = ds k, dk = dsᵀ q.
static void attention_backward(const ds_attention *shape, long rows, const float *q, const float *k, const float *v,
                               const float *kept, ds_dropout dropped, long position, const float *dy,
                               float *dq, float *dk, float *dv, float *room) {
  const ds_attention a = *shape;
  long keyRow = a.heads * a.key_dim, valueRow = a.heads * a.value_dim;
  float *panels = room, *thinned = room + attentionPanels(a), *ds = thinned + roundedUp(scoresOf(a), 16);
  for (long r = 0; r < rows; r++)
    for (long h = 0; h < a.heads; h++) {
      const float *p = kept + (r * a.heads + h) * scoresOf(a);
      const float *g = dy + r * a.queries * valueRow + h * a.value_dim;
      long place = ((position + r) * a.heads + h) * scoresOf(a), query = r * a.queries * keyRow + h * a.key_dim, key = r * a.keys * keyRow + h * a.key_dim;
      if (dv) {
        const float *used = p;
        if (drops(dropped)) {
          dropout(scoresOf(a), place, dropped, p, thinned);
          used = thinned;
        }
        packPanels(a.queries, a.value_dim, g, valueRow, panels);
        multiplyPanels(a.keys, a.value_dim, a.queries, used, 1, a.keys, panels, dv + r * a.keys * valueRow + h * a.value_dim, valueRow);
      }
      if (!dq && !dk) continue;
      packTransposed(a.value_dim, a.keys, v + r * a.keys * valueRow + h * a.value_dim, valueRow, panels);
      multiplyPanels(a.queries, a.keys, a.value_dim, g, valueRow, 1, panels, ds, a.keys);
      if (drops(dropped)) dropout(scoresOf(a), place, dropped, ds, ds);
      for (long i = 0; i < a.queries; i++) softmax_backward(1, a.keys, p + i * a.keys, ds + i * a.keys, ds + i * a.keys);
      scale(scoresOf(a), a.scale, ds);
      if (dq) {
        packPanels(a.keys, a.key_dim, k + key, keyRow, panels);
        multiplyPanels(a.queries, a.key_dim, a.keys, ds, a.keys, 1, panels, dq + query, keyRow);
      }
      if (dk) {
        packPanels(a.queries, a.key_dim, q + query, keyRow, panels);
        multiplyPanels(a.keys, a.key_dim, a.queries, ds, 1, a.keys, panels, dk + key, keyRow);
      }
    }
}
