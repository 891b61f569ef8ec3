// Functions of two tensors whose shapes are stretched to each other, and copies with strides.
//
// A nest of loops is first made small: axes of length 1 vanish, and neighbours that all operands walk evenly become one
// axis. Mostly a single axis with strides 0 or 1 remains, and that is the fast inner loop.

constexpr int mostAxes = ds_most_axes + 1;  // the rows come first

template <int Operands>
struct Nest {
  int axes = 0;
  bool empty = false;
  long size[mostAxes + 1], stride[Operands][mostAxes + 1];

  // Adds an axis inside the others. `alone`: it must not become one with the axis before it.
  INLINED void append(long count, const long (&step)[Operands], bool alone = false) {
    if (count <= 0) empty = true;
    if (count == 1) return;
    bool joins = axes && !alone;
    for (int k = 0; joins && k < Operands; k++) joins = stride[k][axes - 1] == count * step[k];
    if (!joins) size[axes++] = 1;
    size[axes - 1] *= count;
    for (int k = 0; k < Operands; k++) stride[k][axes - 1] = step[k];
  }
  INLINED void exchange(int one, int other) {
    auto swap = [](long &a, long &b) INLINED { long t = a; a = b; b = t; };
    swap(size[one], size[other]);
    for (int k = 0; k < Operands; k++) swap(stride[k][one], stride[k][other]);
  }
  // Every nest has an innermost axis.
  INLINED void close(int fewest = 1) {
    if (axes >= fewest) return;
    size[axes] = 1;
    for (int k = 0; k < Operands; k++) stride[k][axes] = 0;
    axes++;
  }
};

// body(offsets of the operands) for every turn of the `axes` outermost loops.
template <int Operands, typename Body>
INLINE void walk(const Nest<Operands> &nest, int axes, Body body) {
  if (nest.empty) return;
  long at[Operands] = {}, index[mostAxes + 1] = {};
  for (int axis = 0; axis >= 0;) {
    body(at);
    for (axis = axes - 1; axis >= 0; axis--) {
      for (int k = 0; k < Operands; k++) at[k] += nest.stride[k][axis];
      if (++index[axis] < nest.size[axis]) break;
      for (int k = 0; k < Operands; k++) at[k] -= nest.stride[k][axis] * nest.size[axis];
      index[axis] = 0;
    }
  }
}

// A stride: known to the compiler (Constant), or any.
struct Step { long value; };

INLINE Vector take(const float *p, Constant<1>, long i, Whole n) { return load(p + i, n); }
INLINE Vector take(const float *p, Constant<1>, long i, Part n) { return load(p + i, n); }
template <typename N> INLINE Vector take(const float *p, Constant<0>, long, N) { return broadcast(*p); }
INLINE Vector take(const float *p, Step s, long i, Whole) {
  if (s.value == 1) return load(p + i);
  if (s.value == 0) return broadcast(*p);
  Vector v;
  UNROLL for (int l = 0; l < lanes; l++) v[l] = p[(i + l) * s.value];
  return v;
}
INLINE Vector take(const float *p, Step s, long i, Part n) {
  if (s.value == 1) return load(p + i, n);
  if (s.value == 0) return broadcast(*p);
  Vector v = {};
  UNROLL for (int l = 0; l < lanes; l++)
    if (l < n.count) v[l] = p[(i + l) * s.value];
  return v;
}

template <typename N> INLINE void put(float *p, Constant<1>, long i, Vector v, N n) { store(p + i, v, n); }
INLINE void put(float *p, Step s, long i, Vector v, Whole) {
  if (s.value == 1) return store(p + i, v);
  UNROLL for (int l = 0; l < lanes; l++) p[(i + l) * s.value] = v[l];
}
INLINE void put(float *p, Step s, long i, Vector v, Part n) {
  if (s.value == 1) return store(p + i, v, n);
  UNROLL for (int l = 0; l < lanes; l++)
    if (l < n.count) p[(i + l) * s.value] = v[l];
}

// Calls body with the three strides of an inner loop, as constants in the usual cases.
template <typename Body>
INLINE void withSteps(long a, long b, long y, Body body) {
  if (y == 1 && a == 1 && b == 1) return body(Constant<1>(), Constant<1>(), Constant<1>());
  if (y == 1 && a == 1 && b == 0) return body(Constant<1>(), Constant<0>(), Constant<1>());
  if (y == 1 && a == 0 && b == 1) return body(Constant<0>(), Constant<1>(), Constant<1>());
  body(Step{a}, Step{b}, Step{y});
}

// `rowsAlone`: the rows stay a loop of their own, around at least one axis, so that sums over them are taken one by one.
INLINE Nest<3> nestOf(long rows, const ds_loop &loop, bool rowsAlone) {
  Nest<3> nest;
  nest.append(rows, {loop.a_row, loop.b_row, loop.y_row});
  bool alone = rowsAlone && nest.axes;
  for (int i = 0; i < loop.axes; i++) nest.append(loop.size[i], {loop.a[i], loop.b[i], loop.y[i]}, alone && nest.axes == 1);
  nest.close(alone ? 2 : 1);
  return nest;
}

template <typename Function>
static void combine(const Nest<3> &nest, const float *a, const float *b, float *y, Function f) {
  int inner = nest.axes - 1;
  withSteps(nest.stride[0][inner], nest.stride[1][inner], nest.stride[2][inner], [&](auto aStep, auto bStep, auto yStep) INLINED {
    walk(nest, inner, [&](const long *at) INLINED {
      inVectors(nest.size[inner], [&](long i, auto n) INLINED {
        put(y + at[2], yStep, i, f(take(a + at[0], aStep, i, n), take(b + at[1], bStep, i, n)), n);
      });
    });
  });
}

INLINE Vector truth(Mask m) { return (Vector)(m & 0x3f800000); }

static void binary(ds_binary function, long rows, const ds_loop *loop, const float *a, const float *b, float *y) {
  Nest<3> nest = nestOf(rows, *loop, false);
  switch (function) {
    case ds_add: return combine(nest, a, b, y, [](Vector p, Vector q) INLINED { return p + q; });
    case ds_subtract: return combine(nest, a, b, y, [](Vector p, Vector q) INLINED { return p - q; });
    case ds_multiply: return combine(nest, a, b, y, [](Vector p, Vector q) INLINED { return p * q; });
    case ds_divide: return combine(nest, a, b, y, [](Vector p, Vector q) INLINED { return p / q; });
    case ds_maximum: return combine(nest, a, b, y, [](Vector p, Vector q) INLINED { return larger(p, q); });
    case ds_minimum: return combine(nest, a, b, y, [](Vector p, Vector q) INLINED { return smaller(p, q); });
    case ds_power:
      return combine(nest, a, b, y, [](Vector p, Vector q) INLINED {
        ROLLED for (int l = 0; l < lanes; l++) p[l] = __builtin_powf(p[l], q[l]);
        return p;
      });
    case ds_less: return combine(nest, a, b, y, [](Vector p, Vector q) INLINED { return truth(p < q); });
    case ds_less_or_equal: return combine(nest, a, b, y, [](Vector p, Vector q) INLINED { return truth(p <= q); });
    case ds_equal: return combine(nest, a, b, y, [](Vector p, Vector q) INLINED { return truth(p == q); });
    case ds_not_equal: return combine(nest, a, b, y, [](Vector p, Vector q) INLINED { return truth(p != q); });
    case ds_greater: return combine(nest, a, b, y, [](Vector p, Vector q) INLINED { return truth(p > q); });
    case ds_greater_or_equal: return combine(nest, a, b, y, [](Vector p, Vector q) INLINED { return truth(p >= q); });
  }
}

// Where the gradient of one side is added up.
struct Gradient {
  const float *a, *b, *y, *dy;
  float *d;
  int side;
};

// d += slope(a, b, y, dy). If d stands still along the inner loop, a line is summed in sixteen strands first; if it stands
// still along the loop around a contiguous one (a bias repeated over rows), vectors of d stay in registers meanwhile.
template <typename Slope>
static void combineBackward(const Nest<3> &nest, const Gradient &g, Slope slope) {
  int inner = nest.axes - 1, outer = inner - 1;
  long count = nest.size[inner], dStride = nest.stride[g.side][inner];
  bool repeats = outer >= 0 && dStride == 1 && nest.stride[g.side][outer] == 0;
  withSteps(nest.stride[0][inner], nest.stride[1][inner], nest.stride[2][inner], [&](auto aStep, auto bStep, auto yStep) INLINED {
    auto term = [&](const long *at, long r, long i, auto n) INLINED {
      long a = at[0], b = at[1], y = at[2];
      if (r) a += r * nest.stride[0][outer], b += r * nest.stride[1][outer], y += r * nest.stride[2][outer];
      return slope(take(g.a + a, aStep, i, n), take(g.b + b, bStep, i, n), take(g.y + y, yStep, i, n), take(g.dy + y, yStep, i, n));
    };
    walk(nest, repeats ? outer : inner, [&](const long *at) INLINED {
      float *d = g.d + at[g.side];
      if (repeats) {
        inStrips<2>(count, [&](long i, auto n, auto vectors) INLINED {
          constexpr int width = decltype(vectors)::value;
          Vector sums[width];
          UNROLL for (int v = 0; v < width; v++) sums[v] = load(d + i + v * lanes, n);
          for (long r = 0; r < nest.size[outer]; r++) UNROLL for (int v = 0; v < width; v++) sums[v] += term(at, r, i + v * lanes, n);
          UNROLL for (int v = 0; v < width; v++) store(d + i + v * lanes, sums[v], n);
        });
      } else if (dStride == 0 && count > 1) {
        Sixteen sums = {};
        inSixteens(count, [&](long i, int s, auto n) INLINED { sums[s] += within(n, term(at, 0, i, n), (Vector){}); });
        *d += total(sums);
      } else if (dStride == 1) {
        inVectors(count, [&](long i, auto n) INLINED { store(d + i, load(d + i, n) + term(at, 0, i, n), n); });
      } else {
        inVectors(count, [&](long i, auto n) INLINED { put(d, Step{dStride}, i, take(d, Step{dStride}, i, n) + term(at, 0, i, n), n); });
      }
    });
  });
}

// d = 0 wherever the strides lead.
static void clearLoop(long rows, long row, const ds_loop &loop, const long *strides, float *d) {
  Nest<1> nest;
  nest.append(row ? rows : 1, {row});
  for (int i = 0; i < loop.axes; i++)
    if (strides[i] || !loop.size[i]) nest.append(loop.size[i], {strides[i]});
  nest.close();
  int inner = nest.axes - 1;
  walk(nest, inner, [&](const long *at) INLINED {
    if (nest.stride[0][inner] == 1) zero(d + at[0], nest.size[inner]);
    else for (long i = 0; i < nest.size[inner]; i++) d[at[0] + i * nest.stride[0][inner]] = 0;
  });
}

static void binary_backward(ds_binary function, int side, long rows, const ds_loop *loop, int start, const float *a,
                            const float *b, const float *y, const float *dy, float *d) {
  long row = side ? loop->b_row : loop->a_row;
  if (start) clearLoop(rows, row, *loop, side ? loop->b : loop->a, d);
  Nest<3> nest = nestOf(rows, *loop, row == 0);
  Gradient g = {a, b, y, dy, d, side};
  Vector half = broadcast(.5f), none = {};
  switch (function) {
    case ds_add: return combineBackward(nest, g, [](Vector, Vector, Vector, Vector dy) INLINED { return dy; });
    case ds_subtract:
      if (side) return combineBackward(nest, g, [](Vector, Vector, Vector, Vector dy) INLINED { return -dy; });
      return combineBackward(nest, g, [](Vector, Vector, Vector, Vector dy) INLINED { return dy; });
    case ds_multiply:
      if (side) return combineBackward(nest, g, [](Vector a, Vector, Vector, Vector dy) INLINED { return dy * a; });
      return combineBackward(nest, g, [](Vector, Vector b, Vector, Vector dy) INLINED { return dy * b; });
    case ds_divide:
      if (side) return combineBackward(nest, g, [](Vector, Vector b, Vector y, Vector dy) INLINED { return -dy * y / b; });
      return combineBackward(nest, g, [](Vector, Vector b, Vector, Vector dy) INLINED { return dy / b; });
    // equal sides share the gradient
    case ds_maximum: case ds_minimum:
      if ((function == ds_maximum) == (side == 0))
        return combineBackward(nest, g, [=](Vector a, Vector b, Vector, Vector dy) INLINED { return a > b ? dy : a == b ? half * dy : none; });
      return combineBackward(nest, g, [=](Vector a, Vector b, Vector, Vector dy) INLINED { return a < b ? dy : a == b ? half * dy : none; });
    case ds_power:
      if (side)  // y log a; no slope where a is not positive
        return combineBackward(nest, g, [](Vector a, Vector, Vector y, Vector dy) INLINED {
          ROLLED for (int l = 0; l < lanes; l++) dy[l] *= a[l] > 0 ? y[l] * __builtin_logf(a[l]) : 0;
          return dy;
        });
      return combineBackward(nest, g, [](Vector a, Vector b, Vector, Vector dy) INLINED {
        ROLLED for (int l = 0; l < lanes; l++) dy[l] *= b[l] == 0 ? 0 : b[l] * __builtin_powf(a[l], b[l] - 1);
        return dy;
      });
    case ds_less: case ds_less_or_equal: case ds_equal: case ds_not_equal: case ds_greater: case ds_greater_or_equal: return;
  }
}

static void strided(long rows, const ds_loop *loop, int accumulate, const float *a, float *y) {
  Nest<2> nest;
  nest.append(rows, {loop->a_row, loop->y_row});
  for (int i = 0; i < loop->axes; i++)
    nest.append(loop->size[i], {loop->a[i], loop->y[i]}, accumulate && loop->y_row == 0 && nest.axes == 1 && rows > 1);
  nest.close();
  int inner = nest.axes - 1, outer = inner - 1;
  if (!accumulate) {  // y becomes contiguous along the last axis, and a along the one before if not there too
    for (int axis = 0; axis < inner; axis++)
      if (nest.stride[1][axis] == 1) nest.exchange(axis, inner);
    for (int axis = 0; axis < outer; axis++)
      if (nest.stride[0][axis] == 1) nest.exchange(axis, outer);
  }
  long count = nest.size[inner], aStride = nest.stride[0][inner], yStride = nest.stride[1][inner];
  if (!accumulate && outer >= 0 && yStride == 1 && nest.stride[0][outer] == 1 && count >= lanes && nest.size[outer] >= lanes) {
    // a matrix turned over: squares of lanes x lanes in registers
    long rowsOfY = nest.size[outer], yRow = nest.stride[1][outer];
    walk(nest, outer, [&](const long *at) INLINED {
      for (long j = 0; j < count; j += lanes) {
        long first = least(j, count - lanes);  // the last square overlaps the one before
        for (long i = 0; i < rowsOfY; i += lanes) {
          long top = least(i, rowsOfY - lanes);
          Vector t[lanes];
          UNROLL for (int l = 0; l < lanes; l++) t[l] = load(a + at[0] + (first + l) * aStride + top);
          transpose(t);
          UNROLL for (int l = 0; l < lanes; l++) store(y + at[1] + (top + l) * yRow + first, t[l]);
        }
      }
    });
    return;
  }
  walk(nest, inner, [&](const long *at) INLINED {
    const float *from = a + at[0];
    float *to = y + at[1];
    if (!accumulate && aStride == 1 && yStride == 1 && count >= 64) return copy(to, from, count);
    if (accumulate && yStride == 0) {
      float sum = *to;
      for (long i = 0; i < count; i++) sum += from[i * aStride];
      *to = sum;
      return;
    }
    inVectors(count, [&](long i, auto n) INLINED {
      Vector v = take(from, Step{aStride}, i, n);
      put(to, Step{yStride}, i, accumulate ? take(to, Step{yStride}, i, n) + v : v, n);
    });
  });
}
