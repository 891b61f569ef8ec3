// Vectors of LANES floats, and the one product that every large kernel is built on.
//
// This folder is included once per instruction set, inside a namespace and under a target attribute, so nothing here may
// be visible to the linker: functions are static, and no system header is included.

typedef float Vector __attribute__((vector_size(LANES * 4)));
typedef float LooseVector __attribute__((vector_size(LANES * 4), aligned(4), may_alias));
typedef int Mask __attribute__((vector_size(LANES * 4)));
typedef unsigned Counter __attribute__((vector_size(LANES * 4)));

constexpr int lanes = LANES;
// An output tile of tileRows x 2 vectors fills the register file: 24 + 3 of 32 (AVX-512), 12 + 3 of 16 (AVX2, SSE2).
constexpr int tileRows = LANES == 16 ? 12 : 6;
constexpr int block = 2 * LANES;  // columns of a packed panel

// ---- Loading and storing. Every loop ends with a part of a vector; nothing is read or written beyond it. ----

struct Whole {};
struct Part { int count; };  // the first `count` lanes, fewer than all

INLINE Vector load(const float *p) { return *(const LooseVector *)p; }
INLINE void store(float *p, Vector v) { *(LooseVector *)p = v; }
INLINE Vector load(const float *p, Whole) { return load(p); }
INLINE void store(float *p, Vector v, Whole) { store(p, v); }

INLINE Counter lanesFrom(unsigned first) {
  Counter r;
  UNROLL for (int i = 0; i < lanes; i++) r[i] = first + i;
  return r;
}
INLINE Mask inside(Part n) { return (Mask)lanesFrom(0) < n.count; }

// The lanes behind the part become 0.
INLINE Vector load(const float *p, Part n) {
#if LANES == 16
  return __builtin_ia32_loadups512_mask(p, (Vector){}, (unsigned short)((1u << n.count) - 1));
#elif LANES == 8
  return __builtin_ia32_maskloadps256((const Vector *)p, inside(n));
#else
  Vector v = {p[0]};
  if (n.count > 1) v[1] = p[1];
  if (n.count > 2) v[2] = p[2];
  return v;
#endif
}
INLINE void store(float *p, Vector v, Part n) {
#if LANES == 16
  __builtin_ia32_storeups512_mask(p, v, (unsigned short)((1u << n.count) - 1));
#elif LANES == 8
  __builtin_ia32_maskstoreps256((Vector *)p, inside(n), v);
#else
  p[0] = v[0];
  if (n.count > 1) p[1] = v[1];
  if (n.count > 2) p[2] = v[2];
#endif
}

// v with the lanes behind the part replaced.
INLINE Vector within(Whole, Vector v, Vector) { return v; }
INLINE Vector within(Part n, Vector v, Vector otherwise) { return inside(n) ? v : otherwise; }

// body(i, n) for i = 0, lanes, 2 lanes, ...: n is a Whole, and at the end perhaps a Part.
template <typename Body>
INLINE void inVectors(long count, Body body) {
  long i = 0;
  for (; i + lanes <= count; i += lanes) body(i, Whole());
  if (i < count) body(i, Part{(int)(count - i)});
}

// The same in strips of `Most` vectors, body(i, n, vectors) with the number of vectors as a Constant: for loops that hold
// several vectors of a row in registers.
template <int Most, typename Body>
INLINE void inStrips(long count, Body body) {
  long i = 0;
  for (; i + Most * lanes <= count; i += Most * lanes) body(i, Whole(), Constant<Most>());
  if constexpr (Most > 2)
    for (; i + 2 * lanes <= count; i += 2 * lanes) body(i, Whole(), Constant<2>());
  for (; i + lanes <= count; i += lanes) body(i, Whole(), Constant<1>());
  if (i < count) body(i, Part{(int)(count - i)}, Constant<1>());
}

INLINE Vector broadcast(float x) { return x - (Vector){}; }
INLINE void zero(float *p, long count) { __builtin_memset(p, 0, count * sizeof(float)); }
INLINE void copy(float *to, const float *from, long count) { __builtin_memcpy(to, from, count * sizeof(float)); }
INLINE long least(long a, long b) { return a < b ? a : b; }
INLINE long most(long a, long b) { return a > b ? a : b; }
INLINE long quotientUp(long a, long b) { return (a + b - 1) / b; }
INLINE long roundedUp(long a, long b) { return quotientUp(a, b) * b; }

// ---- Comparisons. NaN survives them: every comparison with NaN is false, which must select the NaN. ----

INLINE Vector positive(Vector x) { return (Vector){} > x ? (Vector){} : x; }
INLINE Vector rectified(Vector x, bool rectify) { return rectify ? positive(x) : x; }
INLINE Vector atLeast(Vector x, float low) { return broadcast(low) > x ? broadcast(low) : x; }
INLINE Vector atMost(Vector x, float high) { return broadcast(high) < x ? broadcast(high) : x; }
INLINE Vector larger(Vector a, Vector b) { return ((a > b) | (a != a)) ? a : b; }
INLINE Vector smaller(Vector a, Vector b) { return ((a < b) | (a != a)) ? a : b; }
// v where the condition is positive, else 0: the gradient of a rectifier.
INLINE Vector wherePositive(Vector condition, Vector v) { return condition > (Vector){} ? v : (Vector){}; }

// ---- Sums along a line. Sixteen of them run side by side whatever the width of a vector, so that all instruction sets
// add in the same order. ----

constexpr int strands = 16 / lanes;
typedef Vector Sixteen[strands];

// body(i, s, n) over `count` floats: vector i of the line belongs to strand s.
template <typename Body>
INLINE void inSixteens(long count, Body body) {
  long i = 0;
  for (; i + 16 <= count; i += 16) UNROLL for (int s = 0; s < strands; s++) body(i + s * lanes, s, Whole());
  UNROLL for (int s = 0; s < strands; s++) {
    long left = count - i - s * lanes;
    if (left >= lanes) body(i + s * lanes, s, Whole());
    else if (left > 0) body(i + s * lanes, s, Part{(int)left});
  }
}

// The sixteen joined in pairs: 16, 8, 4, 2, 1. `join` takes vectors, of which the first lane counts in the end.
template <int Shift, int... I>
INLINE Vector shifted(Vector v, Indices<I...>) { return __builtin_shufflevector(v, v, ((I + Shift) % lanes)...); }
template <typename Join>
INLINE float joined(const Sixteen &sums, Join join) {
  typedef typename Range<lanes>::type All;
  Vector v = sums[0];
  if constexpr (strands == 4) v = join(join(sums[0], sums[2]), join(sums[1], sums[3]));
  if constexpr (strands == 2) v = join(sums[0], sums[1]);
  if constexpr (lanes > 8) v = join(v, shifted<8>(v, All()));
  if constexpr (lanes > 4) v = join(v, shifted<4>(v, All()));
  v = join(v, shifted<2>(v, All()));
  v = join(v, shifted<1>(v, All()));
  return v[0];
}
INLINE float total(const Sixteen &sums) { return joined(sums, [](Vector a, Vector b) INLINED { return a + b; }); }
INLINE float largest(const Sixteen &sums) { return joined(sums, [](Vector a, Vector b) INLINED { return larger(a, b); }); }

// ---- Products ----

// c[row][:] += sum over k of a(row, k) * b(k, :)
template <int Rows, int Vectors>
INLINE void multiply(Vector (&c)[Rows][Vectors], const float *__restrict a, long aRow, long aDepth,
                     const float *__restrict b, long bDepth, long depth) {
  _Pragma("clang loop unroll_count(2)")
  for (long k = 0; k < depth; k++) {
    Vector w[Vectors];
    UNROLL for (int v = 0; v < Vectors; v++) w[v] = load(b + v * lanes);
    UNROLL for (int r = 0; r < Rows; r++) {
      Vector x = broadcast(a[r * aRow]);
      UNROLL for (int v = 0; v < Vectors; v++) c[r][v] += x * w[v];
    }
    a += aDepth;
    b += bDepth;
  }
}

template <int Most, typename Body>
INLINE void choose(long n, Body body) {
  if constexpr (Most > 0) {
    if (n == Most) body(Constant<Most>());
    else choose<Most - 1>(n, body);
  }
}

// Cuts `count` rows into the fewest tiles of at most `Most`, all about as tall: body(first, Constant<rows>()).
template <int Most, typename Body>
INLINE void inTiles(long count, Body body) {
  long first = 0;
  for (long tiles = quotientUp(count, Most); tiles; tiles--) {
    long rows = quotientUp(count - first, tiles);
    choose<Most>(rows, [&](auto n) INLINED { body(first, n); });
    first += rows;
  }
}

// body(Constant<2>()) if `columns` need two vectors, body(Constant<1>()) if one is enough.
template <typename Body>
INLINE void inPanel(long columns, Body body) {
  if (columns > lanes) body(Constant<2>());
  else body(Constant<1>());
}

// Stores the first `columns` of a row of Vectors vectors.
template <int Vectors, typename Value>
INLINE void storeRow(float *y, long columns, Value value) {
  UNROLL for (int v = 0; v < Vectors; v++) {
    long left = columns - v * lanes;
    if (left >= lanes) store(y + v * lanes, value(v, Whole()));
    else if (left > 0) store(y + v * lanes, value(v, Part{(int)left}), Part{(int)left});
  }
}

// ---- Transposing a square of lanes x lanes ----

template <int Shift, bool High, int... I>
INLINE Vector mixed(Vector a, Vector b, Indices<I...>) {
  return __builtin_shufflevector(a, b, (High ? (I & Shift ? I + lanes : I + Shift) : (I & Shift ? I - Shift + lanes : I))...);
}

template <int Shift>
INLINE void transposeStage(Vector *r) {
  UNROLL for (int i = 0; i < lanes; i++) {
    if (i & Shift) continue;
    Vector a = r[i], b = r[i + Shift];
    r[i] = mixed<Shift, false>(a, b, typename Range<lanes>::type());
    r[i + Shift] = mixed<Shift, true>(a, b, typename Range<lanes>::type());
  }
}

INLINE void transpose(Vector *r) {
  if constexpr (LANES >= 16) transposeStage<8>(r);
  if constexpr (LANES >= 8) transposeStage<4>(r);
  transposeStage<2>(r);
  transposeStage<1>(r);
}

// to[column][0 ..< lanes] = from[0 ..< rows][column] for `columns` columns; lanes without a row become 0.
INLINE void transposed(long rows, long columns, const float *from, long fromRow, float *to, long toRow) {
  inVectors(columns, [&](long j, auto n) INLINED {
    Vector t[lanes];
    UNROLL for (int i = 0; i < lanes; i++) t[i] = i < rows ? load(from + i * fromRow + j, n) : (Vector){};
    transpose(t);
    long count = least(lanes, columns - j);
    UNROLL for (int i = 0; i < lanes; i++)
      if (i < count) store(to + (j + i) * toRow, t[i]);
  });
}
