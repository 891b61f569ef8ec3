// Softmax over the last axis and the losses on it. A row is read three times: for its maximum, for the sum, and for the result.

INLINE float rowMaximum(const float *x, long classes) {
  Sixteen most;
  UNROLL for (int s = 0; s < strands; s++) most[s] = broadcast(-__builtin_inff());
  inSixteens(classes, [&](long i, int s, auto n) INLINED { most[s] = larger(most[s], within(n, load(x + i, n), broadcast(-__builtin_inff()))); });
  return largest(most);
}

// sum of exp(x - most)
INLINE float rowExponentials(const float *x, float most, long classes) {
  Sixteen sums = {};
  inSixteens(classes, [&](long i, int s, auto n) INLINED { sums[s] += within(n, exponential(load(x + i, n) - most), (Vector){}); });
  return total(sums);
}

static void softmax(long rows, long classes, const float *x, float *y) {
  for (long r = 0; r < rows; r++, x += classes, y += classes) {
    float most = rowMaximum(x, classes);
    Sixteen sums = {};
    inSixteens(classes, [&](long i, int s, auto n) INLINED {
      Vector e = exponential(load(x + i, n) - most);
      store(y + i, e, n);
      sums[s] += within(n, e, (Vector){});
    });
    float share = 1 / total(sums);
    inVectors(classes, [&](long i, auto n) INLINED { store(y + i, load(y + i, n) * share, n); });
  }
}

// dx = y (dy - sum y dy)
static void softmax_backward(long rows, long classes, const float *y, const float *dy, float *dx) {
  for (long r = 0; r < rows; r++, y += classes, dy += classes, dx += classes) {
    Sixteen sums = {};
    inSixteens(classes, [&](long i, int s, auto n) INLINED { sums[s] += load(y + i, n) * load(dy + i, n); });
    float mean = total(sums);
    inVectors(classes, [&](long i, auto n) INLINED { store(dx + i, load(y + i, n) * (load(dy + i, n) - mean), n); });
  }
}

static void log_softmax(long rows, long classes, const float *x, float *y) {
  for (long r = 0; r < rows; r++, x += classes, y += classes) {
    float most = rowMaximum(x, classes), sum = __builtin_logf(rowExponentials(x, most, classes));
    inVectors(classes, [&](long i, auto n) INLINED { store(y + i, (load(x + i, n) - most) - sum, n); });
  }
}

// dx = dy - exp(y) sum dy
static void log_softmax_backward(long rows, long classes, const float *y, const float *dy, float *dx) {
  for (long r = 0; r < rows; r++, y += classes, dy += classes, dx += classes) {
    Sixteen sums = {};
    inSixteens(classes, [&](long i, int s, auto n) INLINED { sums[s] += load(dy + i, n); });
    float sum = total(sums);
    inVectors(classes, [&](long i, auto n) INLINED { store(dx + i, load(dy + i, n) - exponential(load(y + i, n)) * sum, n); });
  }
}

// A label that is no class gives -1.
INLINE long classOf(float label, long classes) { return label >= 0 && label < (float)classes ? (long)label : -1; }

static void sparse_cross_entropy(long rows, long classes, const float *p, const float *labels, float *losses) {
  for (long r = 0; r < rows; r++) {
    long label = classOf(labels[r], classes);
    float chance = label < 0 ? __builtin_nanf("") : p[r * classes + label];
    if (chance < 1e-7f) chance = 1e-7f;
    if (chance > 1 - 1e-7f) chance = 1 - 1e-7f;
    losses[r] = -__builtin_logf(chance);
  }
}

static void sparse_cross_entropy_logits(long rows, long classes, const float *z, const float *labels, float *losses) {
  for (long r = 0; r < rows; r++, z += classes) {
    long label = classOf(labels[r], classes);
    float most = rowMaximum(z, classes);
    float chosen = label < 0 ? __builtin_nanf("") : z[label];
    losses[r] = __builtin_logf(rowExponentials(z, most, classes)) - (chosen - most);
  }
}

static void sparse_cross_entropy_backward(long rows, long classes, const float *p, const float *labels,
                                          const float *dlosses, float *dz) {
  for (long r = 0; r < rows; r++, p += classes, dz += classes) {
    float g = dlosses[r];
    long label = classOf(labels[r], classes);
    float chosen = label < 0 ? 0 : p[label];  // p may be dz
    map(classes, p, dz, [=](Vector v) INLINED { return v * g; });
    if (label >= 0) dz[label] = (chosen - 1) * g;
  }
}
