// Loops over flat arrays. Every element is computed by the same vector expression wherever it lies, so results do not
// depend on where an array is cut.

// y = f(x)
template <typename Function>
INLINE void map(long count, const float *x, float *y, Function f) {
  inVectors(count, [&](long i, auto n) INLINED { store(y + i, f(load(x + i, n)), n); });
}
// The same element by element, for functions of the C library.
template <typename Function>
INLINE void mapElements(long count, const float *x, float *y, Function f) {
  for (long i = 0; i < count; i++) y[i] = f(x[i]);
}

static void unary(ds_unary function, long count, const float *x, float *y) {
  switch (function) {
    case ds_relu: return map(count, x, y, [](Vector v) INLINED { return positive(v); });
    case ds_sigmoid: return map(count, x, y, [](Vector v) INLINED { return sigmoid(v); });
    case ds_tanh: return map(count, x, y, [](Vector v) INLINED { return hyperbolicTangent(v); });
    case ds_exp: return map(count, x, y, [](Vector v) INLINED { return exponential(v); });
    case ds_log: return map(count, x, y, [](Vector v) INLINED { return logarithm(v); });
    case ds_square_root: return map(count, x, y, [](Vector v) INLINED { return squareRoot(v); });
    case ds_absolute: return map(count, x, y, [](Vector v) INLINED { return absolute(v); });
    case ds_negative: return map(count, x, y, [](Vector v) INLINED { return -v; });
    case ds_square: return map(count, x, y, [](Vector v) INLINED { return v * v; });
    case ds_reciprocal: return map(count, x, y, [](Vector v) INLINED { return 1.f / v; });
    case ds_erf: return map(count, x, y, [](Vector v) INLINED { return errorFunction(v); });
    case ds_sign: return map(count, x, y, [](Vector v) INLINED { return sign(v); });
    case ds_softplus: return map(count, x, y, [](Vector v) INLINED { return softplus(v); });
    case ds_log1p: return map(count, x, y, [](Vector v) INLINED { return logarithmOfOnePlus(v); });
    case ds_expm1: return mapElements(count, x, y, [](float v) INLINED { return __builtin_expm1f(v); });
    case ds_sine: return mapElements(count, x, y, [](float v) INLINED { return __builtin_sinf(v); });
    case ds_cosine: return mapElements(count, x, y, [](float v) INLINED { return __builtin_cosf(v); });
    case ds_floor: return map(count, x, y, [](Vector v) INLINED { return __builtin_elementwise_floor(v); });
    // to the nearest even number, as Python
    case ds_round: return map(count, x, y, [](Vector v) INLINED { return __builtin_elementwise_rint(v); });
  }
}

// dx = dy f'(from), with `from` x or y
template <typename Slope>
INLINE void mapBackward(long count, const float *from, const float *dy, float *dx, Slope slope) {
  inVectors(count, [&](long i, auto n) INLINED { store(dx + i, slope(load(from + i, n), load(dy + i, n)), n); });
}
template <typename Slope>
INLINE void mapElementsBackward(long count, const float *from, const float *dy, float *dx, Slope slope) {
  for (long i = 0; i < count; i++) dx[i] = dy[i] * slope(from[i]);
}

static void unary_backward(ds_unary function, long count, const float *x, const float *y, const float *dy, float *dx) {
  switch (function) {
    case ds_relu: return mapBackward(count, y, dy, dx, [](Vector v, Vector g) INLINED { return wherePositive(v, g); });
    case ds_sigmoid: return mapBackward(count, y, dy, dx, [](Vector v, Vector g) INLINED { return g * (v * (1.f - v)); });
    case ds_tanh: return mapBackward(count, y, dy, dx, [](Vector v, Vector g) INLINED { return g * (1.f - v * v); });
    case ds_exp: return mapBackward(count, y, dy, dx, [](Vector v, Vector g) INLINED { return g * v; });
    case ds_log: return mapBackward(count, x, dy, dx, [](Vector v, Vector g) INLINED { return g / v; });
    case ds_square_root: return mapBackward(count, y, dy, dx, [](Vector v, Vector g) INLINED { return .5f * g / v; });
    case ds_absolute: return mapBackward(count, x, dy, dx, [](Vector v, Vector g) INLINED { return g * sign(v); });
    case ds_negative: return mapBackward(count, x, dy, dx, [](Vector, Vector g) INLINED { return -g; });
    case ds_square: return mapBackward(count, x, dy, dx, [](Vector v, Vector g) INLINED { return 2.f * v * g; });
    case ds_reciprocal: return mapBackward(count, y, dy, dx, [](Vector v, Vector g) INLINED { return -(v * v) * g; });
    case ds_erf:  // 2 / sqrt(pi) exp(-x^2)
      return mapBackward(count, x, dy, dx, [](Vector v, Vector g) INLINED { return g * (1.1283791671f * exponential(-(v * v))); });
    case ds_softplus: return mapBackward(count, x, dy, dx, [](Vector v, Vector g) INLINED { return g * sigmoid(v); });
    case ds_log1p: return mapBackward(count, x, dy, dx, [](Vector v, Vector g) INLINED { return g / (1.f + v); });
    case ds_expm1: return mapBackward(count, y, dy, dx, [](Vector v, Vector g) INLINED { return g * (v + 1.f); });
    case ds_sine: return mapElementsBackward(count, x, dy, dx, [](float v) INLINED { return __builtin_cosf(v); });
    case ds_cosine: return mapElementsBackward(count, x, dy, dx, [](float v) INLINED { return -__builtin_sinf(v); });
    case ds_sign: case ds_floor: case ds_round: return zero(dx, count);
  }
}

static void affine(long count, float a, float b, const float *x, float *y) {
  map(count, x, y, [=](Vector v) INLINED { return v * a + b; });
}

static void add(long count, const float *a, const float *b, int rectify, float *y) {
  inVectors(count, [&](long i, auto n) INLINED { store(y + i, rectified(load(a + i, n) + load(b + i, n), rectify), n); });
}

static void add_masked(long count, const float *a, const float *b, const float *mask, float *y) {
  inVectors(count, [&](long i, auto n) INLINED { store(y + i, wherePositive(load(mask + i, n), load(a + i, n) + load(b + i, n)), n); });
}

static void add_bias(long rows, long columns, const float *x, const float *bias, int rectify, float *y) {
  for (long r = 0; r < rows; r++) add(columns, x + r * columns, bias, rectify, y + r * columns);
}

static void mask_gradient(long count, const float *dy, const float *x, float *dx) {
  mapBackward(count, x, dy, dx, [](Vector v, Vector g) INLINED { return wherePositive(v, g); });
}

static void fill(long count, float value, float *y) {
  inVectors(count, [&](long i, auto n) INLINED { store(y + i, broadcast(value), n); });
}

static void scale(long count, float factor, float *x) {
  map(count, x, x, [=](Vector v) INLINED { return v * factor; });
}

static void clamp(long count, float low, float high, float *x) {
  map(count, x, x, [=](Vector v) INLINED { return atMost(atLeast(v, low), high); });
}

// Sixteen sums in double, joined at the end.
static double sum_of_squares(long count, const float *x) {
  double sums[16] = {};
  long i = 0;
  for (; i + 16 <= count; i += 16)
    UNROLL for (int s = 0; s < 16; s++) sums[s] += (double)x[i + s] * x[i + s];
  for (int s = 0; i < count; i++, s++) sums[s] += (double)x[i] * x[i];
  for (int half = 8; half; half /= 2)
    for (int s = 0; s < half; s++) sums[s] += sums[s + half];
  return sums[0];
}
