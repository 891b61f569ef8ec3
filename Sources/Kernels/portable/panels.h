// Products with a matrix that was packed into panels: [columns / block][depth][block], zeros behind the last column.

// Rows that lie a multiple of 512 bytes apart share an eighth of the first-level cache.
INLINE bool fights(long row) { return row % 128 == 0; }

INLINE long panelFloats(long depth, long columns) { return roundedUp(columns, block) * depth; }

// From a matrix [depth][columns] whose rows lie `row` apart.
static void packPanels(long depth, long columns, const float *from, long row, float *panels) {
  for (long n = 0; n < columns; n += block, panels += depth * block)
    for (long k = 0; k < depth; k++)
      UNROLL for (int v = 0; v < 2; v++) {
        long left = columns - n - v * lanes;
        const float *place = from + k * row + n + v * lanes;
        store(panels + k * block + v * lanes, left >= lanes ? load(place) : left > 0 ? load(place, Part{(int)left}) : (Vector){});
      }
}

// From its transpose [columns][depth].
static void packTransposed(long depth, long columns, const float *from, long row, float *panels) {
  for (long n = 0; n < columns; n += block, panels += depth * block)
    for (long v = 0; v < block; v += lanes)
      transposed(most(least(columns - n - v, lanes), 0), depth, from + (n + v) * row, row, panels + v, block);
}

template <int Rows, int Vectors>
static void panelTile(long depth, const float *a, long aRow, long aDepth, const float *panel, long columns, float *y, long yRow) {
  Vector sum[Rows][Vectors] = {};
  multiply<Rows, Vectors>(sum, a, aRow, aDepth, panel, block, depth);
  UNROLL for (int r = 0; r < Rows; r++) storeRow<Vectors>(y + r * yRow, columns, [&](int v, auto) INLINED { return sum[r][v]; });
}

// y[m][n] = sum over k of a(m, k) panels(k, n), for one panel of at most `block` columns.
static void multiplyPanel(long rows, long columns, long depth, const float *a, long aRow, long aDepth, const float *panel, float *y, long yRow) {
  inPanel(columns, [&](auto vectors) INLINED {
    inTiles<tileRows>(rows, [&](long m, auto count) INLINED {
      panelTile<decltype(count)::value, decltype(vectors)::value>(depth, a + m * aRow, aRow, aDepth, panel, columns, y + m * yRow, yRow);
    });
  });
}

// The same for any number of columns.
static void multiplyPanels(long rows, long columns, long depth, const float *a, long aRow, long aDepth, const float *panels, float *y, long yRow) {
  for (long n = 0; n < columns; n += block)
    multiplyPanel(rows, least(columns - n, block), depth, a, aRow, aDepth, panels + n * depth, y + n, yRow);
}
