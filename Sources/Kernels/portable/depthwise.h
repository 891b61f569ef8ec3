// Depthwise convolution: every channel of x has kernels of its own. Channels are the lanes of a vector; taps that fall on
// padding are left out. Output channel c * multiplier + m belongs to input channel c.

// The taps that meet the image along one axis for one place of the output: [first, last).
struct Span { long first, last; };
INLINE Span tapsInside(long origin, long size, long kernel, long dilation) {
  return {origin < 0 ? quotientUp(-origin, dilation) : 0, origin >= size ? 0 : least(kernel, (size - 1 - origin) / dilation + 1)};
}

// Loads input channels for the output channels from c on.
template <typename N>
INLINE Vector loadInputs(const float *x, long c, long multiplier, N n) {
  if (multiplier == 1) return load(x + c, n);
  long last = lanes - 1;
  if constexpr (__is_same(N, Part)) last = n.count - 1;
  Vector v;
  UNROLL for (int l = 0; l < lanes; l++) v[l] = x[(c + least(l, last)) / multiplier];
  return v;
}

static long depthwise_workspace(const ds_convolution *) { return 0; }

// Up to four pixels of an output row side by side, all with the same columns of taps, for one strip of channels.
template <int Pixels, int Vectors, typename N>
INLINE void depthwiseTile(const ds_convolution &c, const float *x, long left, Span rows, Span columns, const float *kernel, bool turned,
                          const Finish &finish, long o, N part, float *y) {
  long outputs = c.outputs, multiplier = outputs / c.inputs, pixel = (long)c.stride_width * c.inputs, last = (long)c.kernel_height * c.kernel_width - 1;
  Vector sum[Pixels][Vectors];
  UNROLL for (int p = 0; p < Pixels; p++)
    UNROLL for (int v = 0; v < Vectors; v++) sum[p][v] = finish.bias ? load(finish.bias + o + v * lanes, part) : (Vector){};
  for (long i = rows.first; i < rows.last; i++)
    for (long j = columns.first; j < columns.last; j++) {
      long tap = i * c.kernel_width + j;
      const float *w = kernel + (turned ? last - tap : tap) * outputs + o;
      const float *in = x + (i * c.dilation_height * c.width + left + j * c.dilation_width) * c.inputs;
      UNROLL for (int v = 0; v < Vectors; v++) {
        Vector weight = load(w + v * lanes, part);
        UNROLL for (int p = 0; p < Pixels; p++) sum[p][v] += loadInputs(in + p * pixel, o + v * lanes, multiplier, part) * weight;
      }
    }
  UNROLL for (int p = 0; p < Pixels; p++)
    UNROLL for (int v = 0; v < Vectors; v++) {
      long at = p * outputs + o + v * lanes;
      Vector value = rectified(sum[p][v], finish.rectify);
      store(y + at, finish.mask ? wherePositive(load(finish.mask + at, part), value) : value, part);
    }
}

// `turned`: the taps in opposite order, for the gradient of the input.
static void depthwiseProduct(const ds_convolution &c, long images, const float *x, const float *kernel, bool turned, Finish finish, float *y) {
  // the places of a row whose taps all lie inside the image
  Span inside = {0, c.out_width};
  while (inside.first < inside.last && inside.first * c.stride_width < c.pad_left) inside.first++;
  while (inside.last > inside.first && (inside.last - 1) * c.stride_width - c.pad_left + kernelSpanWidth(c) > c.width) inside.last--;
  for (long n = 0; n < images; n++)
    for (long r = 0; r < c.out_height; r++) {
      long top = r * c.stride_height - c.pad_top, row = (n * c.out_height + r) * c.out_width * c.outputs;
      Span rows = tapsInside(top, c.height, c.kernel_height, c.dilation_height);
      const float *in = x + (n * c.height + top) * c.width * c.inputs;
      auto tile = [&](long q, auto pixels) INLINED {
        long left = q * c.stride_width - c.pad_left, at = row + q * c.outputs;
        Span columns = tapsInside(left, c.width, c.kernel_width, c.dilation_width);
        inStrips<2>(c.outputs, [&](long o, auto part, auto vectors) INLINED {
          depthwiseTile<decltype(pixels)::value, decltype(vectors)::value>(c, in, left, rows, columns, kernel, turned, moved(finish, 0, at), o, part, y + at);
        });
      };
      for (long q = 0; q < c.out_width;) {
        if (q >= inside.first && q + 4 <= inside.last) tile(q, Constant<4>()), q += 4;
        else tile(q, Constant<1>()), q++;
      }
    }
}

static void depthwise_forward(const ds_convolution *c, long images, const float *x, const float *kernel, const float *bias,
                              int rectify, float *y, float *) {
  depthwiseProduct(*c, images, x, kernel, false, Finish{bias, nullptr, rectify != 0}, y);
}

// The taps that fall on a pixel `at` of x, and the place of dy under the first: tap, tap + step, ...; place, place - back, ...
struct Touch { long tap, step, place, back, count; };
INLINE Touch touching(long at, long out, long kernel, long stride, long dilation, long pad) {
  Phase p = phaseOf((at + pad) % stride, at + 1, kernel, stride, dilation, pad);
  Touch t = {p.tap, p.tapStep, p.from + (at - p.first) / stride, p.back, p.taps};
  if (t.place >= out) {  // skip the taps whose place lies behind the end
    long skipped = least(quotientUp(t.place - out + 1, t.back), t.count);
    t.tap += skipped * t.step;
    t.place -= skipped * t.back;
    t.count -= skipped;
  }
  t.count = t.place < 0 ? 0 : least(t.count, t.place / t.back + 1);
  return t;
}

static void depthwise_backward_input(const ds_convolution *cp, long images, const float *dy, const float *kernel,
                                     const float *mask, float *dx, float *) {
  const ds_convolution &c = *cp;
  long inputs = c.inputs, outputs = c.outputs, multiplier = outputs / inputs;
  if (multiplier == 1 && hasUnitStride(c)) return depthwiseProduct(flipped(c), images, dy, kernel, true, Finish{nullptr, mask, false}, dx);
  for (long n = 0; n < images; n++)
    for (long r = 0; r < c.height; r++) {
      Touch v = touching(r, c.out_height, c.kernel_height, c.stride_height, c.dilation_height, c.pad_top);
      for (long q = 0; q < c.width; q++) {
        Touch h = touching(q, c.out_width, c.kernel_width, c.stride_width, c.dilation_width, c.pad_left);
        long at = ((n * c.height + r) * c.width + q) * inputs;
        // body(dy, kernel) for every tap, at channel 0
        auto overTaps = [&](auto body) INLINED {
          for (long i = 0; i < v.count; i++)
            for (long j = 0; j < h.count; j++)
              body(dy + ((n * c.out_height + v.place - i * v.back) * c.out_width + h.place - j * h.back) * outputs,
                   kernel + ((v.tap + i * v.step) * c.kernel_width + h.tap + j * h.step) * outputs);
        };
        if (multiplier == 1)
          inStrips<4>(inputs, [&](long k, auto part, auto vectors) INLINED {
            constexpr int count = decltype(vectors)::value;
            Vector sum[count] = {};
            overTaps([&](const float *g, const float *w) INLINED {
              UNROLL for (int v = 0; v < count; v++) sum[v] += load(g + k + v * lanes, part) * load(w + k + v * lanes, part);
            });
            UNROLL for (int v = 0; v < count; v++) {
              long i = at + k + v * lanes;
              store(dx + i, mask ? wherePositive(load(mask + i, part), sum[v]) : sum[v], part);
            }
          });
        else
          for (long k = 0; k < inputs; k++) {
            float sum = 0;
            overTaps([&](const float *g, const float *w) INLINED {
              for (long m = k * multiplier; m < (k + 1) * multiplier; m++) sum += g[m] * w[m];
            });
            dx[at + k] = mask && !(mask[at + k] > 0) ? 0 : sum;
          }
      }
    }
}

// The output places [first, last) for which a tap lies inside the image.
INLINE Span placesInside(long tap, long size, long out, long stride, long dilation, long pad) {
  long origin = tap * dilation - pad, last = origin >= size ? 0 : least(out, (size - 1 - origin) / stride + 1);
  return {origin < 0 ? quotientUp(-origin, stride) : 0, last};
}

static void depthwise_backward_kernel(const ds_convolution *cp, long images, const float *x, const float *dy, int start,
                                      float *sum, float *bias_sum, float *) {
  const ds_convolution &c = *cp;
  long outputs = c.outputs, multiplier = outputs / c.inputs;
  if (start) zero(sum, (long)c.kernel_height * c.kernel_width * outputs);
  if (bias_sum) column_sums(images * c.out_height * c.out_width, outputs, start, dy, bias_sum, 0, outputs);
  for (long n = 0; n < images; n++)
    for (long i = 0; i < c.kernel_height; i++)
      for (long j = 0; j < c.kernel_width; j++) {
        Span rows = placesInside(i, c.height, c.out_height, c.stride_height, c.dilation_height, c.pad_top);
        Span columns = placesInside(j, c.width, c.out_width, c.stride_width, c.dilation_width, c.pad_left);
        inStrips<4>(outputs, [&](long o, auto part, auto vectors) INLINED {
          constexpr int count = decltype(vectors)::value;
          float *to = sum + (i * c.kernel_width + j) * outputs + o;
          Vector s[count];
          UNROLL for (int v = 0; v < count; v++) s[v] = load(to + v * lanes, part);
          for (long r = rows.first; r < rows.last; r++) {
            long row = r * c.stride_height - c.pad_top + i * c.dilation_height, column = j * c.dilation_width - c.pad_left;
            for (long q = columns.first; q < columns.last; q++) {
              const float *in = x + ((n * c.height + row) * c.width + q * c.stride_width + column) * c.inputs;
              const float *g = dy + ((n * c.out_height + r) * c.out_width + q) * outputs + o;
              UNROLL for (int v = 0; v < count; v++) s[v] += loadInputs(in, o + v * lanes, multiplier, part) * load(g + v * lanes, part);
            }
          }
          UNROLL for (int v = 0; v < count; v++) store(to + v * lanes, s[v], part);
        });
      }
}
