// What stands at the beginning of a step: reading the batch through the shuffled order, and random numbers.

template <typename Element>
INLINE Vector loadElements(const Element *p) {
  typedef Element Elements __attribute__((vector_size(lanes * sizeof(Element))));
  Elements e;
  __builtin_memcpy(&e, p, sizeof e);
  return __builtin_convertvector(e, Vector);
}

// Samples lie anywhere in memory: those of the next rows are on their way while this one is read.
constexpr long rowsAhead = 2;

template <typename Element>
INLINE const Element *sample(long r, long rows, long count, const Element *samples, const int *order) {
  if (r + rowsAhead < rows) {
    const char *next = (const char *)(samples + (long)order[r + rowsAhead] * count);
    for (long i = 0; i < count * (long)sizeof(Element); i += 64) __builtin_prefetch(next + i);
  }
  return samples + (long)order[r] * count;
}

template <typename Element>
static void gatherFrom(long rows, long count, const Element *samples, const int *order, float scale, float offset, float *x) {
  for (long r = 0; r < rows; r++, x += count) {
    const Element *from = sample(r, rows, count, samples, order);
    long i = 0;
    for (; i + lanes <= count; i += lanes) store(x + i, loadElements(from + i) * scale + offset);
    for (; i < count; i++) x[i] = (float)from[i] * scale + offset;
  }
}

static void gather(ds_element type, long rows, long count, const void *samples, const int *order, float scale, float offset, float *x) {
  switch (type) {
    case ds_uint8: return gatherFrom(rows, count, (const unsigned char *)samples, order, scale, offset, x);
    case ds_int32: return gatherFrom(rows, count, (const int *)samples, order, scale, offset, x);
    case ds_float32:
      if (scale != 1 || offset != 0) return gatherFrom(rows, count, (const float *)samples, order, scale, offset, x);
      for (long r = 0; r < rows; r++) copy(x + r * count, sample(r, rows, count, (const float *)samples, order), count);
      return;
  }
}

// 32 well-mixed bits per counter (Wellons' "lowbias32").
template <typename Integer>
INLINE Integer hashed(Integer x) {
  x ^= x >> 16; x *= 0x7feb352du;
  x ^= x >> 15; x *= 0x846ca68bu;
  return x ^ x >> 16;
}

// Positions are spread over all bits before the key comes in, so that two keys never give the same mask in another order
// of neighbours. The backward pass asks again instead of storing the mask.
static void dropout(long count, long position, ds_dropout d, const float *x, float *y) {
  unsigned key = hashed(d.key + 0x9e3779b9u);
  inVectors(count, [&](long i, auto n) INLINED {
    Counter bits = hashed(lanesFrom((unsigned)(position + i)) * 0x9e3779b9u ^ key);
    store(y + i, bits < d.threshold ? (Vector){} : load(x + i, n) * d.scale, n);
  });
}
