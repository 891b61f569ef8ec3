// Dense layers: y = x w + b with x [rows][inputs], w [inputs][outputs] as Keras stores it.
//
// The large form runs on many rows at once and is shared out by panels of `block` columns (forward), of inputs (gradient
// of the input) or by lines of w (gradient of the kernel). A panel of w, depthPerPass deep, is copied so that it stays in
// the first-level cache. Rows of x are read where they lie, unless their distance makes them fight for a few sets of that
// cache: then they are copied too, a pass at a time. Every element is summed along its whole
// depth in order, through as many passes as that takes, so neither tiles nor parts nor the instruction set change it.

constexpr long depthPerPass = 256;               // depth x block floats of w: 32 KB with AVX-512
constexpr long depthStride = depthPerPass + 16;  // a power of two would alias
constexpr long rowsPerPass = 256;
constexpr long linesPerPart = 8;

INLINE long rowStep(long rows) { return roundedUp(quotientUp(rows, quotientUp(most(rows, 1), rowsPerPass)), tileRows); }

static long dense_workspace(long rows, long, long outputs) {
  long step = least(rows, rowStep(rows));
  return step * (depthStride + blocked(outputs)) + (depthPerPass + lanes) * block;
}

static long dense_forward_parts(long, long outputs) { return quotientUp(outputs, block); }
static long dense_backward_input_parts(long inputs, long) { return quotientUp(inputs, block); }
static long dense_backward_kernel_parts(long inputs, long) { return quotientUp(inputs, linesPerPart); }

// The product of a pass of rows with one panel. Sums start from `bias` or from `sums`, and end in `sums` or, finished, in y.
struct DenseTiles {
  const float *x;
  long xRow, depth;
  const float *panel;  // [depth][block]
  long columns;        // of the panel that exist
  bool starts, ends;
  Finish finish;       // bias and mask at the panel's first column
  float *y;
  long yRow;
  float *sums;
  long sumsRow;
  const float *next;   // the following panel in w and the distance of its lines, to fetch it while this one is multiplied
  long nextRow;
};

template <int Rows, int Vectors>
static void denseTile(const DenseTiles &t, long m, long rows) {
  if (t.next)
    for (long k = t.depth * m / rows; k < t.depth * (m + Rows) / rows; k++)
      for (int q = 0; q < block; q += 16) __builtin_prefetch(t.next + k * t.nextRow + q);
  Vector sum[Rows][Vectors];
  UNROLL for (int v = 0; v < Vectors; v++) {
    long left = t.columns - v * lanes;
    Vector first = {};
    if (t.starts && t.finish.bias && left > 0) first = left >= lanes ? load(t.finish.bias + v * lanes) : load(t.finish.bias + v * lanes, Part{(int)left});
    UNROLL for (int r = 0; r < Rows; r++) sum[r][v] = t.starts ? first : load(t.sums + (m + r) * t.sumsRow + v * lanes);
  }
  multiply<Rows, Vectors>(sum, t.x + m * t.xRow, t.xRow, 1, t.panel, block, t.depth);
  UNROLL for (int r = 0; r < Rows; r++) {
    if (!t.ends) {
      UNROLL for (int v = 0; v < Vectors; v++) store(t.sums + (m + r) * t.sumsRow + v * lanes, sum[r][v]);
      continue;
    }
    long at = (m + r) * t.yRow;
    storeRow<Vectors>(t.y + at, t.columns, [&](int v, auto n) INLINED {
      Vector value = rectified(sum[r][v], t.finish.rectify);
      return t.finish.mask ? wherePositive(load(t.finish.mask + at + v * lanes, n), value) : value;
    });
  }
}

INLINE void denseTiles(const DenseTiles &t, long rows) {
  inPanel(t.columns, [&](auto vectors) INLINED {
    inTiles<tileRows>(rows, [&](long m, auto height) INLINED { denseTile<decltype(height)::value, decltype(vectors)::value>(t, m, rows); });
  });
}

// What forward and input gradient share: y [rows][columns] = x [rows][depth] times panels that `pack(panel, first column,
// first line, lines)` makes. A panel whose columns do not fill its vectors keeps its sums in the room.
template <typename Pack, typename Next>
INLINE void densePasses(long rows, long depth, long columns, const float *x, Finish finish, float *y, long first, long last, float *room, Pack pack, Next next) {
  long rowsAtOnce = rowStep(rows), passes = quotientUp(depth, depthPerPass), step = roundedUp(quotientUp(depth, passes), 4);
  float *xs = room, *panel = xs + least(rows, rowsAtOnce) * depthStride, *rest = panel + (depthPerPass + lanes) * block;
  for (long m0 = 0; m0 < rows; m0 += rowsAtOnce) {
    long height = least(rows - m0, rowsAtOnce);
    for (long k0 = 0; k0 < depth; k0 += step) {
      long deep = least(depth - k0, step);
      const float *lines = x + m0 * depth + k0;
      if (fights(depth)) {
        for (long m = 0; m < height; m++) copy(xs + m * depthStride, lines + m * depth, deep);
        lines = xs;
      }
      for (long b = first; b < last; b++) {
        long column = b * block, at = m0 * columns + column, width = least(columns - column, block);
        bool whole = width % lanes == 0;
        pack(panel, column, k0, deep);
        DenseTiles t = {lines, lines == xs ? depthStride : depth, deep, panel, width, k0 == 0, k0 + deep == depth, moved(finish, column, at),
                        y + at, columns, whole ? y + at : rest, whole ? columns : block, nullptr, 0};
        next(t, b, k0, step);
        denseTiles(t, height);
      }
    }
  }
}

// A few rows: w is read once, as it lies. `columns` from the first of the strip on.
template <int Rows>
static void denseThin(long inputs, long outputs, const float *x, const float *w, Finish finish, float *y, long columns) {
  constexpr int wide = Rows == 1 ? 8 : LANES == 16 ? 4 : Rows == 2 ? 4 : 2;
  inStrips<wide>(columns, [&](long n, auto part, auto vectors) INLINED {
    constexpr int count = decltype(vectors)::value;
    Vector sum[Rows][count];
    UNROLL for (int v = 0; v < count; v++)
      UNROLL for (int r = 0; r < Rows; r++) sum[r][v] = finish.bias ? load(finish.bias + n + v * lanes, part) : (Vector){};
    for (long k = 0; k < inputs; k++) {
      const float *line = w + k * outputs + n;
      Vector weights[count];
      UNROLL for (int v = 0; v < count; v++) weights[v] = load(line + v * lanes, part);
      UNROLL for (int r = 0; r < Rows; r++) {
        Vector value = broadcast(x[r * inputs + k]);
        UNROLL for (int v = 0; v < count; v++) sum[r][v] += value * weights[v];
      }
    }
    UNROLL for (int r = 0; r < Rows; r++)
      UNROLL for (int v = 0; v < count; v++) store(y + r * outputs + n + v * lanes, rectified(sum[r][v], finish.rectify), part);
  });
}

static void dense_forward(long rows, long inputs, long outputs, const float *x, const float *w, const float *bias, int rectify,
                          float *y, long first, long last, float *room) {
  Finish finish = {bias, nullptr, rectify != 0};
  if (rows <= 4 && first < last) {
    long n = first * block;
    choose<4>(rows, [&](auto count) INLINED {
      denseThin<decltype(count)::value>(inputs, outputs, x, w + n, moved(finish, n, 0), y + n, least(last * block, outputs) - n);
    });
    return;
  }
  densePasses(
      rows, inputs, outputs, x, finish, y, first, last, room,
      [&](float *panel, long column, long k0, long depth) INLINED {
        const float *from = w + k0 * outputs + column;
        long width = outputs - column;
        if (width >= block) {
          for (long k = 0; k < depth; k++)
            UNROLL for (int v = 0; v < 2; v++) store(panel + k * block + v * lanes, load(from + k * outputs + v * lanes));
        } else {
          for (long k = 0; k < depth; k++) {
            copy(panel + k * block, from + k * outputs, width);
            zero(panel + k * block + width, block - width);
          }
        }
      },
      [&](DenseTiles &t, long b, long k0, long step) INLINED {
        t.next = b + 1 < last ? w + k0 * outputs + (b + 1) * block : t.ends ? nullptr : w + (k0 + step) * outputs + first * block;
        t.nextRow = outputs;
      });
}

static void dense_backward_input(long rows, long inputs, long outputs, const float *dy, const float *w, const float *mask,
                                 float *dx, long first, long last, float *room) {
  densePasses(
      rows, outputs, inputs, dy, Finish{nullptr, mask, false}, dx, first, last, room,
      [&](float *panel, long column, long n0, long depth) INLINED {
        for (long v = 0; v < block; v += lanes)
          transposed(most(least(inputs - column - v, lanes), 0), depth, w + (column + v) * outputs + n0, outputs, panel + v, block);
      },
      [](DenseTiles &, long, long, long) INLINED {});
}

// Lines of dw: a tile of them times two vectors of columns, summed over a pass of rows.
template <int Rows, int Vectors>
static void denseGradientTile(long rows, const float *x, long xRow, const float *dy, bool starts, float *dw, long dwRow, long columns) {
  UNROLL for (int r = 0; r < Rows; r++)
    for (long q = 0; q < columns; q += 16) __builtin_prefetch(dw + r * dwRow + q, 1);
  Vector sum[Rows][Vectors] = {};
  if (!starts)
    UNROLL for (int r = 0; r < Rows; r++)
      UNROLL for (int v = 0; v < Vectors; v++) {
        long left = columns - v * lanes;
        if (left >= lanes) sum[r][v] = load(dw + r * dwRow + v * lanes);
        else if (left > 0) sum[r][v] = load(dw + r * dwRow + v * lanes, Part{(int)left});
      }
  multiply<Rows, Vectors>(sum, x, 1, xRow, dy, block, rows);
  UNROLL for (int r = 0; r < Rows; r++) storeRow<Vectors>(dw + r * dwRow, columns, [&](int v, auto) INLINED { return sum[r][v]; });
}

static void dense_backward_kernel(long rows, long inputs, long outputs, const float *x, const float *dy, float *dw,
                                  long first, long last, float *room) {
  long rowsAtOnce = rowStep(rows), begin = first * linesPerPart, end = least(last * linesPerPart, inputs);
  float *xs = room, *ds = xs + least(rows, rowsAtOnce) * depthStride;
  if (rows == 0 && begin < end) zero(dw + begin * outputs, (end - begin) * outputs);
  for (long m0 = 0; m0 < rows; m0 += rowsAtOnce) {
    long height = least(rows - m0, rowsAtOnce);
    for (long n = 0; n < outputs; n += block)
      for (long m = 0; m < height; m++) {
        float *to = ds + n * height + m * block;
        const float *from = dy + (m0 + m) * outputs + n;
        if (outputs - n >= block) {
          UNROLL for (int v = 0; v < 2; v++) store(to + v * lanes, load(from + v * lanes));
        } else {
          copy(to, from, outputs - n);
          zero(to + outputs - n, block - (outputs - n));
        }
      }
    for (long k0 = begin; k0 < end; k0 += depthPerPass) {
      long depth = least(end - k0, depthPerPass);
      const float *lines = x + m0 * inputs + k0;
      if (fights(inputs)) {
        for (long m = 0; m < height; m++) copy(xs + m * depthStride, lines + m * inputs, depth);
        lines = xs;
      }
      for (long n = 0; n < outputs; n += block)
        inPanel(outputs - n, [&](auto vectors) INLINED {
          inTiles<tileRows>(depth, [&](long k, auto count) INLINED {
            denseGradientTile<decltype(count)::value, decltype(vectors)::value>(
                height, lines + k, lines == xs ? depthStride : inputs, ds + n * height, m0 == 0, dw + (k0 + k) * outputs + n, outputs, least(outputs - n, block));
          });
        });
    }
  }
}

// The small form (at most 16 outputs) goes row by row, on weights that are packed once per step:
// [inputs][16], zero-filled, then the transpose [outputs][inputs].
constexpr int few = 16, fewVectors = few / lanes;
constexpr int fewRows = LANES == 16 ? 8 : LANES == 8 ? 4 : 2;

static void few_pack(long inputs, long outputs, const float *w, float *packed) {
  float *turned = packed + inputs * few;
  for (long k = 0; k < inputs; k++) {
    zero(packed + k * few, few);
    copy(packed + k * few, w + k * outputs, outputs);
    for (long n = 0; n < outputs; n++) turned[n * inputs + k] = w[k * outputs + n];
  }
}

// Stores the first `outputs` of 16 sums.
INLINE void storeFew(float *y, long outputs, const Vector (&sum)[fewVectors]) {
  storeRow<fewVectors>(y, outputs, [&](int v, auto) INLINED { return sum[v]; });
}

static void few_forward(long rows, long inputs, long outputs, const float *x, const float *packed, const float *bias,
                        int rectify, float *y) {
  float start[few] = {};
  if (bias) copy(start, bias, outputs);
  inTiles<fewRows>(rows, [&](long m, auto count) INLINED {
    constexpr int height = decltype(count)::value;
    Vector sum[height][fewVectors];
    UNROLL for (int r = 0; r < height; r++) UNROLL for (int v = 0; v < fewVectors; v++) sum[r][v] = load(start + v * lanes);
    multiply<height, fewVectors>(sum, x + m * inputs, inputs, 1, packed, few, inputs);
    UNROLL for (int r = 0; r < height; r++) {
      UNROLL for (int v = 0; v < fewVectors; v++) sum[r][v] = rectified(sum[r][v], rectify);
      storeFew(y + (m + r) * outputs, outputs, sum[r]);
    }
  });
}

static void few_backward_input(long rows, long inputs, long outputs, const float *dy, const float *packed, const float *mask, float *dx) {
  const float *turned = packed + inputs * few;
  inTiles<4>(rows, [&](long m, auto height) INLINED {
    constexpr int tall = decltype(height)::value;
    inStrips<2>(inputs, [&](long k, auto part, auto vectors) INLINED {
      constexpr int count = decltype(vectors)::value;
      Vector sum[tall][count] = {};
      for (long n = 0; n < outputs; n++) {
        Vector w[count];
        UNROLL for (int v = 0; v < count; v++) w[v] = load(turned + n * inputs + k + v * lanes, part);
        UNROLL for (int r = 0; r < tall; r++) {
          Vector g = broadcast(dy[(m + r) * outputs + n]);
          UNROLL for (int v = 0; v < count; v++) sum[r][v] += g * w[v];
        }
      }
      UNROLL for (int r = 0; r < tall; r++)
        UNROLL for (int v = 0; v < count; v++) {
          long at = (m + r) * inputs + k + v * lanes;
          store(dx + at, mask ? wherePositive(load(mask + at, part), sum[r][v]) : sum[r][v], part);
        }
    });
  });
}

static void few_backward_kernel(long rows, long inputs, long outputs, const float *x, const float *dy, float *dw, long first, long last, float *room) {
  for (long m = 0; m < rows; m++) {
    zero(room + m * few, few);
    copy(room + m * few, dy + m * outputs, outputs);
  }
  inTiles<fewRows>(last - first, [&](long k, auto count) INLINED {
    constexpr int height = decltype(count)::value;
    Vector sum[height][fewVectors] = {};
    multiply<height, fewVectors>(sum, x + first + k, 1, inputs, room, few, rows);
    UNROLL for (int r = 0; r < height; r++) storeFew(dw + (first + k + r) * outputs, outputs, sum[r]);
  });
}
