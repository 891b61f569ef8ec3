// Images under another geometry: warped by an affine map, or resampled to another size.

// Where a line of `size` pixels continues beyond its ends; -1 is nowhere.
INLINE long continued(long at, long size, ds_fill fill) {
  if (at >= 0 && at < size) return at;
  switch (fill) {
    case ds_fill_constant: return -1;
    case ds_fill_nearest: return at < 0 ? 0 : size - 1;
    case ds_fill_reflect: {  // d c b a | a b c d | d c b a
      long place = (at % (2 * size) + 2 * size) % (2 * size);
      return place < size ? place : 2 * size - 1 - place;
    }
    case ds_fill_wrap: return (at % size + size) % size;
  }
  return -1;
}

// A coordinate that a whole number can hold, whatever the map was. NaN lies outside as well.
INLINE float bounded(float x) { return x > -1e6f ? (x < 1e6f ? x : 1e6f) : -1e6f; }

// Calls body(pixel of y, pixels of x, their shares) for each pixel of y: it is made of one pixel of x, or of four around
// its place. A pixel of -1 lies beyond the edges.
template <typename Body>
INLINE void overWarped(const ds_warp &w, long images, const float *maps, long mapRow, Body body) {
  ds_fill fill = w.fill;
  for (long n = 0; n < images; n++) {
    const float *m = maps + n * mapRow;
    long image = n * w.height * w.width, to = n * w.out_height * w.out_width;
    auto pixel = [&](long i, long j) INLINED { return i < 0 || j < 0 ? -1 : image + i * w.width + j; };
    for (long r = 0; r < w.out_height; r++)
      for (long q = 0; q < w.out_width; q++, to++) {
        float x = bounded(m[0] * q + (m[1] * r + m[2])), y = bounded(m[3] * q + (m[4] * r + m[5]));
        if (!w.bilinear) {
          // Halves away from zero, as Keras on JAX.
          long i = (long)(y < 0 ? y - .5f : y + .5f), j = (long)(x < 0 ? x - .5f : x + .5f);
          const long from[1] = {pixel(continued(i, w.height, fill), continued(j, w.width, fill))};
          const float share[1] = {1};
          body(to, from, share);
          continue;
        }
        long left = (long)x - (x < (float)(long)x), top = (long)y - (y < (float)(long)y);
        float across = x - left, down = y - top;
        long above = continued(top, w.height, fill), below = continued(top + 1, w.height, fill);
        long before = continued(left, w.width, fill), behind = continued(left + 1, w.width, fill);
        const long from[4] = {pixel(above, before), pixel(above, behind), pixel(below, before), pixel(below, behind)};
        const float share[4] = {(1 - down) * (1 - across), (1 - down) * across, down * (1 - across), down * across};
        body(to, from, share);
      }
  }
}

template <int Channels>
static void warpChannels(const ds_warp &w, long images, const float *x, const float *maps, long mapRow, float *y) {
  overWarped(w, images, maps, mapRow, [&](long to, const auto &from, const auto &share) INLINED {
    float sum[Channels] = {};
    for (int t = 0; t < (int)(sizeof from / sizeof *from); t++)
      for (int c = 0; c < Channels; c++) sum[c] += (from[t] < 0 ? w.value : x[from[t] * Channels + c]) * share[t];
    for (int c = 0; c < Channels; c++) y[to * Channels + c] = sum[c];
  });
}

static void warp(const ds_warp *w, long images, const float *x, const float *maps, long map_row, float *y) {
  long channels = w->channels;
  if (channels == 1) return warpChannels<1>(*w, images, x, maps, map_row, y);
  if (channels == 3) return warpChannels<3>(*w, images, x, maps, map_row, y);
  overWarped(*w, images, maps, map_row, [&](long to, const auto &from, const auto &share) INLINED {
    inVectors(channels, [&](long c, auto n) INLINED {
      Vector sum = {};
      for (int t = 0; t < (int)(sizeof from / sizeof *from); t++)
        sum += (from[t] < 0 ? broadcast(w->value) : load(x + from[t] * channels + c, n)) * share[t];
      store(y + to * channels + c, sum, n);
    });
  });
}

static void warp_backward(const ds_warp *w, long images, const float *dy, const float *maps, long map_row, float *dx) {
  long channels = w->channels;
  zero(dx, images * w->height * w->width * channels);
  overWarped(*w, images, maps, map_row, [&](long to, const auto &from, const auto &share) INLINED {
    for (int t = 0; t < (int)(sizeof from / sizeof *from); t++) {
      if (from[t] < 0) continue;
      inVectors(channels, [&](long c, auto n) INLINED {
        float *out = dx + from[t] * channels + c;
        store(out, load(out, n) + load(dy + to * channels + c, n) * share[t], n);
      });
    }
  });
}

// y[o][j][:] = the sum over t of weights[j][t] x[o][first[j] + t][:]
static void resample(long outer, long from, long to, long inner, long taps, const int *first, const float *weights,
                     const float *x, float *y) {
  for (long o = 0; o < outer; o++, x += from * inner)
    for (long j = 0; j < to; j++, y += inner) {
      const float *source = x + first[j] * inner, *w = weights + j * taps;
      inVectors(inner, [&](long c, auto n) INLINED {
        Vector sum = load(source + c, n) * w[0];
        for (long t = 1; t < taps; t++) sum += load(source + t * inner + c, n) * w[t];
        store(y + c, sum, n);
      });
    }
}

static void resample_backward(long outer, long from, long to, long inner, long taps, const int *first, const float *weights,
                              const float *dy, float *dx) {
  zero(dx, outer * from * inner);
  for (long o = 0; o < outer; o++, dx += from * inner)
    for (long j = 0; j < to; j++, dy += inner) {
      float *target = dx + first[j] * inner;
      const float *w = weights + j * taps;
      for (long t = 0; t < taps; t++)
        inVectors(inner, [&](long c, auto n) INLINED {
          float *out = target + t * inner + c;
          store(out, load(out, n) + load(dy + c, n) * w[t], n);
        });
    }
}
