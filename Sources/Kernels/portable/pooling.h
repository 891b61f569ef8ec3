// Pooling and enlarging. Channels are the lanes of a vector.

// A code names the winner of a window by its place in it: in one byte if all places and `nowhere` fit, else in two.
template <typename Code>
constexpr int nowhere = (Code)-1;  // the gradient goes to no element
INLINE bool hasByteCodes(const ds_pooling &p) { return (long)p.window_height * p.window_width < nowhere<unsigned char>; }

template <typename Code>
using Codes = Code __attribute__((vector_size(LANES * sizeof(Code))));

template <typename Code>
INLINE void storeCodes(Code *p, Mask code, Whole) {
  Codes<Code> s = __builtin_convertvector((Counter)code, Codes<Code>);
  __builtin_memcpy(p, &s, sizeof s);
}
template <typename Code>
INLINE void storeCodes(Code *p, Mask code, Part n) {
  Codes<Code> s = __builtin_convertvector((Counter)code, Codes<Code>);
  UNROLL for (int l = 0; l < lanes; l++) if (l < n.count) p[l] = s[l];
}
template <typename Code>
INLINE Mask loadCodes(const Code *p, Whole) {
  Codes<Code> s;
  __builtin_memcpy(&s, p, sizeof s);
  return (Mask)__builtin_convertvector(s, Counter);
}
template <typename Code>
INLINE Mask loadCodes(const Code *p, Part n) {
  Codes<Code> s = {};
  UNROLL for (int l = 0; l < lanes; l++) if (l < n.count) s[l] = p[l];
  return (Mask)__builtin_convertvector(s, Counter);
}

// body(output pixel, top, left, rows, columns) for every window: its place in x, and the part of it inside the image.
template <typename Body>
INLINE void overWindows(const ds_pooling &p, long images, Body body) {
  for (long n = 0; n < images; n++)
    for (long r = 0; r < p.out_height; r++)
      for (long q = 0; q < p.out_width; q++) {
        long top = r * p.stride_height - p.pad_top, left = q * p.stride_width - p.pad_left;
        Span rows = tapsInside(top, p.height, p.window_height, 1), columns = tapsInside(left, p.width, p.window_width, 1);
        body((n * p.out_height + r) * p.out_width + q, n * p.height + top, left, rows, columns);
      }
}

// The most common case, a 2x2 window with stride 2 inside the image: two comparisons of pairs and one between them.
INLINE bool isHalving(const ds_pooling &p) {
  return p.window_height == 2 && p.window_width == 2 && p.stride_height == 2 && p.stride_width == 2 && !p.pad_top &&
         !p.pad_left && 2 * p.out_height <= p.height && 2 * p.out_width <= p.width;
}

// What wins against `most` so far: larger, or the first NaN.
INLINE Mask wins(Vector v, Vector most) { return (v > most) | ((v != v) & (most == most)); }

template <typename Code>
static void maxPool(const ds_pooling *p, long images, int rectified, const float *x, float *y, Code *codes) {
  long channels = p->channels, row = p->width * channels;
  if (isHalving(*p)) {
    for (long n = 0; n < images; n++)
      for (long r = 0; r < p->out_height; r++)
        for (long q = 0; q < p->out_width; q++) {
          const float *in = x + (n * p->height + 2 * r) * row + 2 * q * channels;
          long at = ((n * p->out_height + r) * p->out_width + q) * channels;
          inVectors(channels, [&](long c, auto part) INLINED {
            Vector a = load(in + c, part), b = load(in + channels + c, part);
            Vector e = load(in + row + c, part), f = load(in + row + channels + c, part);
            Mask right = wins(b, a), lowerRight = wins(f, e);
            Vector top = right ? b : a, bottom = lowerRight ? f : e;
            Mask below = wins(bottom, top);
            Vector most = below ? bottom : top;
            store(y + at + c, most, part);
            if (!codes) return;
            Mask code = below ? (lowerRight & 1) + 2 : right & 1;
            storeCodes(codes + at + c, rectified ? (most > (Vector){} ? code : nowhere<Code> - (Mask){}) : code, part);
          });
        }
    return;
  }
  overWindows(*p, images, [&](long pixel, long top, long left, Span rows, Span columns) INLINED {
    inVectors(channels, [&](long c, auto part) INLINED {
      Vector most = {};
      Mask code = nowhere<Code> - (Mask){};
      const float *in = x + (top * p->width + left) * channels + c;
      if (rows.first < rows.last && columns.first < columns.last) {
        most = load(in + rows.first * row + columns.first * channels, part);
        code = (int)(rows.first * p->window_width + columns.first) - (Mask){};
      }
      for (long i = rows.first; i < rows.last; i++)
        for (long j = columns.first; j < columns.last; j++) {
          Vector v = load(in + i * row + j * channels, part);
          Mask better = wins(v, most);
          most = better ? v : most;
          code = better ? (int)(i * p->window_width + j) - (Mask){} : code;
        }
      store(y + pixel * channels + c, most, part);
      if (codes) storeCodes(codes + pixel * channels + c, rectified ? (most > (Vector){} ? code : nowhere<Code> - (Mask){}) : code, part);
    });
  });
}

static long max_pool_code_bytes(const ds_pooling *p) { return hasByteCodes(*p) ? 1 : 2; }

static void max_pool(const ds_pooling *p, long images, int rectified, const float *x, float *y, void *codes) {
  if (hasByteCodes(*p)) maxPool(p, images, rectified, x, y, (unsigned char *)codes);
  else maxPool(p, images, rectified, x, y, (unsigned short *)codes);
}

template <typename Code>
static void maxPoolBackward(const ds_pooling *p, long images, const float *dy, const Code *codes, float *dx) {
  long channels = p->channels, row = p->width * channels;
  if (isHalving(*p)) {
    if (2 * p->out_height != p->height || 2 * p->out_width != p->width) zero(dx, images * p->height * row);
    for (long n = 0; n < images; n++)
      for (long r = 0; r < p->out_height; r++)
        for (long q = 0; q < p->out_width; q++) {
          float *out = dx + (n * p->height + 2 * r) * row + 2 * q * channels;
          long at = ((n * p->out_height + r) * p->out_width + q) * channels;
          inVectors(channels, [&](long c, auto part) INLINED {
            Mask code = loadCodes(codes + at + c, part);
            Vector g = load(dy + at + c, part), none = {};
            store(out + c, code == 0 ? g : none, part);
            store(out + channels + c, code == 1 ? g : none, part);
            store(out + row + c, code == 2 ? g : none, part);
            store(out + row + channels + c, code == 3 ? g : none, part);
          });
        }
    return;
  }
  zero(dx, images * p->height * row);
  bool large = p->window_height * p->window_width > 4 * lanes;
  overWindows(*p, images, [&](long pixel, long top, long left, Span rows, Span columns) INLINED {
    const Code *code = codes + pixel * channels;
    const float *g = dy + pixel * channels;
    if (large) {  // element by element
      for (long c = 0; c < channels; c++) {
        if (code[c] == nowhere<Code>) continue;
        long i = code[c] / p->window_width, j = code[c] % p->window_width;
        dx[((top + i) * p->width + left + j) * channels + c] += g[c];
      }
      return;
    }
    inVectors(channels, [&](long c, auto part) INLINED {
      Mask winner = loadCodes(code + c, part);
      Vector gradient = load(g + c, part);
      for (long i = rows.first; i < rows.last; i++)
        for (long j = columns.first; j < columns.last; j++) {
          float *out = dx + ((top + i) * p->width + left + j) * channels + c;
          store(out, load(out, part) + (winner == (int)(i * p->window_width + j) ? gradient : (Vector){}), part);
        }
    });
  });
}

static void max_pool_backward(const ds_pooling *p, long images, const float *dy, const void *codes, float *dx) {
  if (hasByteCodes(*p)) maxPoolBackward(p, images, dy, (const unsigned char *)codes, dx);
  else maxPoolBackward(p, images, dy, (const unsigned short *)codes, dx);
}

INLINE float shareOf(Span rows, Span columns) {
  long count = most(rows.last - rows.first, 0) * most(columns.last - columns.first, 0);
  return count ? 1.f / count : 0;
}

static void average_pool(const ds_pooling *p, long images, const float *x, float *y) {
  long channels = p->channels;
  overWindows(*p, images, [&](long pixel, long top, long left, Span rows, Span columns) INLINED {
    float share = shareOf(rows, columns);
    inVectors(channels, [&](long c, auto part) INLINED {
      Vector sum = {};
      for (long i = rows.first; i < rows.last; i++)
        for (long j = columns.first; j < columns.last; j++) sum += load(x + ((top + i) * p->width + left + j) * channels + c, part);
      store(y + pixel * channels + c, sum * share, part);
    });
  });
}

static void average_pool_backward(const ds_pooling *p, long images, const float *dy, float *dx) {
  long channels = p->channels;
  zero(dx, images * p->height * p->width * channels);
  overWindows(*p, images, [&](long pixel, long top, long left, Span rows, Span columns) INLINED {
    float share = shareOf(rows, columns);
    inVectors(channels, [&](long c, auto part) INLINED {
      Vector g = load(dy + pixel * channels + c, part) * share;
      for (long i = rows.first; i < rows.last; i++)
        for (long j = columns.first; j < columns.last; j++) {
          float *out = dx + ((top + i) * p->width + left + j) * channels + c;
          store(out, load(out, part) + g, part);
        }
    });
  });
}

// Between which two places of x a place of y lies, and how near to the second: half-pixel centres, the border repeated.
struct Between { long low, high; float weight; };
INLINE Between between(long at, long factor, long size) {
  float place = (at + .5f) / factor - .5f;
  if (place <= 0) return {0, 0, 0};
  long low = (long)place;
  if (low >= size - 1) return {size - 1, size - 1, 0};
  return {low, low + 1, place - low};
}

static void upsample(long images, long height, long width, long channels, long factor_height, long factor_width,
                     int bilinear, const float *x, float *y) {
  long row = width * channels;
  for (long n = 0; n < images; n++, x += height * row)
    for (long r = 0; r < height * factor_height; r++)
      for (long q = 0; q < width * factor_width; q++, y += channels) {
        if (!bilinear) {
          copy(y, x + r / factor_height * row + q / factor_width * channels, channels);
          continue;
        }
        Between v = between(r, factor_height, height), h = between(q, factor_width, width);
        const float *top = x + v.low * row, *bottom = x + v.high * row;
        long left = h.low * channels, right = h.high * channels;
        inVectors(channels, [&](long c, auto n) INLINED {
          Vector a = load(top + left + c, n), b = load(bottom + left + c, n);
          a += (load(top + right + c, n) - a) * h.weight;
          b += (load(bottom + right + c, n) - b) * h.weight;
          store(y + c, a + (b - a) * v.weight, n);
        });
      }
}

static void upsample_backward(long images, long height, long width, long channels, long factor_height, long factor_width,
                              int bilinear, const float *dy, float *dx) {
  long row = width * channels;
  zero(dx, images * height * row);
  for (long n = 0; n < images; n++, dx += height * row)
    for (long r = 0; r < height * factor_height; r++)
      for (long q = 0; q < width * factor_width; q++, dy += channels) {
        auto give = [&](long i, long j, float share) INLINED {
          float *to = dx + i * row + j * channels;
          inVectors(channels, [&](long c, auto n) INLINED { store(to + c, load(to + c, n) + load(dy + c, n) * share, n); });
        };
        if (!bilinear) {
          give(r / factor_height, q / factor_width, 1);
          continue;
        }
        Between v = between(r, factor_height, height), h = between(q, factor_width, width);
        give(v.low, h.low, (1 - v.weight) * (1 - h.weight));
        give(v.low, h.high, (1 - v.weight) * h.weight);
        give(v.high, h.low, v.weight * (1 - h.weight));
        give(v.high, h.high, v.weight * h.weight);
      }
}
