// Rows of a table, chosen by number. Numbers arrive as floats, as all data do.

// The row, or -1.
INLINE long rowOf(float index, long rows) { return index >= 0 && index < (float)rows ? (long)index : -1; }

static void embedding(long indices, long vocabulary, long width, const float *index, const float *table, float *y) {
  for (long i = 0; i < indices; i++) {
    long row = rowOf(index[i], vocabulary);
    if (row < 0) zero(y + i * width, width);
    else copy(y + i * width, table + row * width, width);
  }
}

static void embedding_backward(long indices, long width, const float *index, const float *dy, float *dtable, long first, long last) {
  zero(dtable + first * width, (last - first) * width);
  for (long i = 0; i < indices; i++) {
    long row = rowOf(index[i], last);
    if (row >= first) add(width, dtable + row * width, dy + i * width, 0, dtable + row * width);
  }
}
