// Convolution as products of image rows with packed weights: any kernel, stride, dilation and number of groups.
//
// A tile of up to tileRows pixels of an output row times one panel of `block` output channels is summed in registers over
// all taps: broadcast a number of x, multiply by two vectors of weights. Packed weights, per group:
//   P[outputs/block][tap][inputs][block], columns behind the last output filled with zeros.
// Images that need padding are copied, a band of rows at a time, next to zeros.

constexpr long bandFloats = 1 << 16;  // of a band with its padding: half of a second-level cache

// How many rows and columns of x, padding included, `rows` rows of the output see.
INLINE long rowsBehind(const ds_convolution &c, long rows) { return (rows - 1) * c.stride_height + kernelSpanHeight(c); }
INLINE long columnsBehind(const ds_convolution &c) { return (c.out_width - 1) * (long)c.stride_width + kernelSpanWidth(c); }

INLINE bool needsPadding(const ds_convolution &c) {
  return c.pad_top || c.pad_left || rowsBehind(c, c.out_height) > c.height || columnsBehind(c) > c.width;
}

INLINE long bandRows(const ds_convolution &c) {
  if (!needsPadding(c)) return c.out_height;
  long fitting = bandFloats / (columnsBehind(c) * c.inputs);
  return least(most((fitting - kernelSpanHeight(c)) / c.stride_height + 1, 1), c.out_height);
}

INLINE long bandRoom(const ds_convolution &c) {
  return needsPadding(c) ? rowsBehind(c, bandRows(c)) * columnsBehind(c) * c.inputs : 0;
}

// A band of an image as the kernel walks over it: the pixel under the first tap for the first output.
struct Band { const float *start; long row; };

// Copies rows [top, top + rows) and columns [left, left + columns) of an image; what lies outside is 0.
INLINE Band padded(const float *image, long height, long width, long channels, long top, long left, long rows, long columns, float *room) {
  long first = least(most(-left, 0), columns), last = most(least(width - left, columns), first);
  for (long i = 0; i < rows; i++) {
    float *to = room + i * columns * channels;
    if (top + i < 0 || top + i >= height) {
      zero(to, columns * channels);
      continue;
    }
    zero(to, first * channels);
    if (first < last) copy(to + first * channels, image + ((top + i) * width + left + first) * channels, (last - first) * channels);
    zero(to + last * channels, (columns - last) * channels);
  }
  return {room, columns * channels};
}

// The band below output rows [first, first + rows).
INLINE Band bandOf(const ds_convolution &c, const float *image, long first, long rows, float *room) {
  if (!needsPadding(c)) return {image + first * c.stride_height * c.width * c.inputs, (long)c.width * c.inputs};
  return padded(image, c.height, c.width, c.inputs, first * c.stride_height - c.pad_top, -(long)c.pad_left, rowsBehind(c, rows), columnsBehind(c), room);
}

// The taps of a kernel, or some of them at equal distances: how a sum walks over x and over the packed weights.
struct Taps {
  long rows, columns;     // their number
  long depth;             // contiguous numbers of x at each tap
  long xRow, xColumn;     // from tap to tap in x
  long wRow, wColumn;     // and in the weights
  bool fetches;           // the pixels of the next tile, which are not yet in the cache,
  long stretch;           // after every so many numbers of depth
};

// Pixels of one output row, `columns` channels of one panel.
template <int Pixels, int Vectors>
static void directTile(const Taps &t, const float *x, long xPixel, const float *w, const Finish &finish, long columns, float *y, long yPixel) {
  // What is stored into is on its way while the products are summed.
  UNROLL for (int p = 0; p < Pixels; p++)
    for (long q = 0; q < columns && q < block; q += 16) {
      __builtin_prefetch(y + p * yPixel + q, 1);
      if (finish.mask) __builtin_prefetch(finish.mask + p * yPixel + q);
    }
  Vector sum[Pixels][Vectors];
  UNROLL for (int v = 0; v < Vectors; v++) {
    long left = columns - v * lanes;
    Vector first = {};
    if (finish.bias && left > 0) first = left >= lanes ? load(finish.bias + v * lanes) : load(finish.bias + v * lanes, Part{(int)left});
    UNROLL for (int p = 0; p < Pixels; p++) sum[p][v] = first;
  }
  for (long i = 0; i < t.rows; i++)
    for (long j = 0; j < t.columns; j++)
      for (long k = 0; k < t.depth; k += t.stretch) {
        const float *from = x + i * t.xRow + j * t.xColumn + k;
        if (t.fetches)
          for (long q = k * Pixels; q < (k + t.stretch) * Pixels; q += 16) __builtin_prefetch(x + Pixels * xPixel + q);
        multiply<Pixels, Vectors>(sum, from, xPixel, 1, w + i * t.wRow + j * t.wColumn + k * block, block, least(t.stretch, t.depth - k));
      }
  UNROLL for (int p = 0; p < Pixels; p++)
    storeRow<Vectors>(y + p * yPixel, columns, [&](int v, auto n) INLINED {
      Vector value = rectified(sum[p][v], finish.rectify);
      return finish.mask ? wherePositive(load(finish.mask + p * yPixel + v * lanes, n), value) : value;
    });
}

// `count` pixels in a row, cut into tiles.
INLINE void directRow(const Taps &t, const float *x, long xPixel, const float *w, const Finish &finish, long columns, float *y, long yPixel, long count) {
  inPanel(columns, [&](auto vectors) INLINED {
    inTiles<tileRows>(count, [&](long p, auto pixels) INLINED {
      Finish place = {finish.bias, finish.mask ? finish.mask + p * yPixel : nullptr, finish.rectify};
      directTile<decltype(pixels)::value, decltype(vectors)::value>(t, x + p * xPixel, xPixel, w, place, columns, y + p * yPixel, yPixel);
    });
  });
}

INLINE Finish moved(const Finish &finish, long bias, long mask) {
  return {finish.bias ? finish.bias + bias : nullptr, finish.mask ? finish.mask + mask : nullptr, finish.rectify};
}

// A 1x1 kernel with stride 1 sees an image as one long row of pixels, and all images as one.
INLINE bool isPointwise(const ds_convolution &c) {
  return c.kernel_height == 1 && c.kernel_width == 1 && hasUnitStride(c) && !needsPadding(c) && c.out_height == c.height && c.out_width == c.width;
}

// And without groups it is one matrix times another.
INLINE bool isProduct(const ds_convolution &c) { return isPointwise(c) && c.groups == 1; }

INLINE long directRoom(const ds_convolution &c) { return bandRoom(c); }

static void directForward(const ds_convolution &from, long images, const float *x, const float *packed, Finish finish, float *y, float *room) {
  ds_convolution c = from;
  bool fetches = isProduct(c);
  if (isPointwise(c)) {
    c.width = c.out_width = (int)(images * c.height * c.width);
    c.height = c.out_height = 1;
    images = images > 0;
  }
  long inputs = c.inputs / c.groups, outputs = c.outputs / c.groups, taps = (long)c.kernel_height * c.kernel_width;
  long xPixel = (long)c.stride_width * c.inputs, band = bandRows(c);
  Taps t = {c.kernel_height, c.kernel_width, inputs, 0, (long)c.dilation_width * c.inputs, c.kernel_width * inputs * block, inputs * block};
  if (c.dilation_width == 1 && c.groups == 1) t.depth *= t.columns, t.columns = 1;  // the taps of a row lie side by side
  for (long n = 0; n < images; n++)
    for (long top = 0; top < c.out_height; top += band) {
      long rows = least(band, c.out_height - top);
      Band in = bandOf(c, x + n * c.height * c.width * c.inputs, top, rows, room);
      t.xRow = c.dilation_height * in.row;
      for (long g = 0; g < c.groups; g++)
        for (long o = 0; o < outputs; o += block) {
          const float *w = packed + (g * blocked(outputs) + o) * taps * inputs;
          t.fetches = fetches && o == 0;
          t.stretch = t.fetches ? 32 : t.depth;
          for (long r = 0; r < rows; r++) {
            long at = (n * c.out_height + top + r) * c.out_width * c.outputs + g * outputs + o;
            directRow(t, in.start + r * c.stride_height * in.row + g * inputs, xPixel, w, moved(finish, g * outputs + o, at), outputs - o, y + at, c.outputs, c.out_width);
          }
        }
    }
}

// ---- Gradient of the input for strides above 1 ----
//
// A pixel of x is touched only by the taps that fall on it: along one axis those with (at + pad - tap * dilation) divisible
// by the stride. The pixels of one remainder share their taps, which lie at equal distances, and so do the pixels of dy
// under them: each remainder is a convolution of dy with a part of the kernel.

// One remainder along one axis: pixels first, first + stride, ...; taps tap, tap + tapStep, ... and for the first pixel the
// places of dy from..., going back by `back` for each tap.
struct Phase { long first, count, tap, tapStep, taps, from, back; };

INLINE Phase phaseOf(long remainder, long size, long kernel, long stride, long dilation, long pad) {
  Phase p = {};
  p.first = ((remainder - pad) % stride + stride) % stride;
  p.count = p.first < size ? (size - p.first - 1) / stride + 1 : 0;
  long common = stride;
  for (long a = dilation % stride; a; ) { long b = common % a; common = a; a = b; }
  p.tapStep = stride / common;
  p.back = dilation / common;
  while (p.tap < p.tapStep && (p.first + pad - p.tap * dilation) % stride != 0) p.tap++;
  bool any = p.tap < p.tapStep && p.tap < kernel;
  p.taps = any ? (kernel - 1 - p.tap) / p.tapStep + 1 : 0;
  p.from = any ? (p.first + pad - p.tap * dilation) / stride : 0;
  return p;
}

// How far the places of dy reach beyond its border, over all remainders.
struct Reach { long before, size; };
INLINE Reach reachOf(long size, long out, long kernel, long stride, long dilation, long pad) {
  Reach r = {0, out};
  for (long remainder = 0; remainder < stride; remainder++) {
    Phase p = phaseOf(remainder, size, kernel, stride, dilation, pad);
    if (!p.count || !p.taps) continue;
    r.before = most(r.before, (p.taps - 1) * p.back - p.from);
    r.size = most(r.size, p.from + p.count);
  }
  r.size += r.before;
  return r;
}
INLINE Reach verticalReach(const ds_convolution &c) {
  return reachOf(c.height, c.out_height, c.kernel_height, c.stride_height, c.dilation_height, c.pad_top);
}
INLINE Reach horizontalReach(const ds_convolution &c) {
  return reachOf(c.width, c.out_width, c.kernel_width, c.stride_width, c.dilation_width, c.pad_left);
}
INLINE long stridedInputRoom(const ds_convolution &c) { return verticalReach(c).size * horizontalReach(c).size * c.outputs; }

static void stridedInputGradient(const ds_convolution &c, long images, const float *dy, const float *packed, Finish finish, float *dx, float *room) {
  Reach down = verticalReach(c), across = horizontalReach(c);
  long inputs = c.inputs / c.groups, outputs = c.outputs / c.groups, taps = (long)c.kernel_height * c.kernel_width;
  long wTap = outputs * block;
  for (long n = 0; n < images; n++) {
    Band in = padded(dy + n * c.out_height * c.out_width * c.outputs, c.out_height, c.out_width, c.outputs, -down.before, -across.before, down.size, across.size, room);
    for (long g = 0; g < c.groups; g++)
      for (long o = 0; o < inputs; o += block)
        for (long i = 0; i < c.stride_height; i++)
          for (long j = 0; j < c.stride_width; j++) {
            Phase v = phaseOf(i, c.height, c.kernel_height, c.stride_height, c.dilation_height, c.pad_top);
            Phase h = phaseOf(j, c.width, c.kernel_width, c.stride_width, c.dilation_width, c.pad_left);
            // packed taps are turned by 180 degrees
            long firstTap = (c.kernel_height - 1 - v.tap) * c.kernel_width + c.kernel_width - 1 - h.tap;
            Taps t = {v.taps, h.taps, outputs, -v.back * in.row, -h.back * c.outputs, -v.tapStep * c.kernel_width * wTap, -h.tapStep * wTap, false, outputs};
            const float *w = packed + ((g * blocked(inputs) + o) * taps) * outputs + (t.rows && t.columns ? firstTap * wTap : 0);
            for (long r = 0; r < v.count; r++) {
              long at = ((n * c.height + v.first + r * c.stride_height) * c.width + h.first) * c.inputs + g * inputs + o;
              const float *from = in.start + (v.from + r + down.before) * in.row + (h.from + across.before) * c.outputs + g * outputs;
              directRow(t, from, c.outputs, w, moved(finish, 0, at), inputs - o, dx + at, c.stride_width * (long)c.inputs, h.count);
            }
          }
  }
}

// ---- Packing ----

INLINE long directPackParts(const ds_convolution &c, int turned) {
  return c.groups * quotientUp((turned ? c.inputs : c.outputs) / c.groups, block);
}
INLINE long directPackedSize(const ds_convolution &c, int turned) {
  long depth = (turned ? c.outputs : c.inputs) / c.groups;
  return directPackParts(c, turned) * c.kernel_height * c.kernel_width * depth * block;
}

// A part is a panel of columns of one group.
static void directPack(const ds_convolution &c, int turned, const float *g, float *packed, long first, long last) {
  long inputs = c.inputs / c.groups, outputs = c.outputs / c.groups, taps = (long)c.kernel_height * c.kernel_width;
  long depth = turned ? outputs : inputs, columns = turned ? inputs : outputs, panels = quotientUp(columns, block);
  for (long part = first; part < last; part++) {
    long group = part / panels, o = part % panels * block, width = least(columns - o, block);
    for (long tap = 0; tap < taps; tap++) {
      float *to = packed + (part * taps + tap) * depth * block;
      if (turned) {
        const float *from = g + ((taps - 1 - tap) * inputs + o) * c.outputs + group * outputs;
        for (long v = 0; v < block; v += lanes) transposed(most(least(width - v, lanes), 0), depth, from + v * c.outputs, c.outputs, to + v, block);
      } else {
        const float *from = g + tap * inputs * c.outputs + group * outputs + o;
        for (long k = 0; k < depth; k++) {
          copy(to + k * block, from + k * c.outputs, width);
          zero(to + k * block + width, block - width);
        }
      }
    }
  }
}

// ---- Gradient of the kernel ----
//
// Sums lie in panels as the packed weights do: dP[group][outputs/block][tap][inputs][block] += x' dy, over the pixels of a
// few output rows at a time, whose dy stays in the first-level cache. Rows of a tile are neighbours in x: channels, and taps
// of a kernel row where those lie side by side.

constexpr long stripFloats = 2048;

INLINE bool needsPanels(const ds_convolution &c) { return c.outputs / c.groups % lanes != 0; }
INLINE long directBandRoom(const ds_convolution &c) {
  long panels = needsPanels(c) ? bandRows(c) * c.out_width * c.groups * blocked(c.outputs / c.groups) : 0;
  return bandRoom(c) + panels;
}
INLINE long directSumSize(const ds_convolution &c) { return directPackedSize(c, 0); }
INLINE long directLines(const ds_convolution &c) { return (long)c.kernel_height * c.kernel_width * (c.inputs / c.groups); }

// `Rows` lines of the sum, over `rows` output rows of `width` pixels.
template <int Rows, int Vectors>
static void directGradientTile(const float *x, long xRow, long xPixel, const float *dy, long dyRow, long dyPixel, long rows, long width, float *sum) {
  Vector s[Rows][Vectors];
  UNROLL for (int r = 0; r < Rows; r++) UNROLL for (int v = 0; v < Vectors; v++) s[r][v] = load(sum + r * block + v * lanes);
  for (long r = 0; r < rows; r++) multiply<Rows, Vectors>(s, x + r * xRow, 1, xPixel, dy + r * dyRow, dyPixel, width);
  UNROLL for (int r = 0; r < Rows; r++) UNROLL for (int v = 0; v < Vectors; v++) store(sum + r * block + v * lanes, s[r][v]);
}

// A product takes all images as one long row of pixels, a strip at a time. x is copied if its rows would fight for the same
// sets of the first-level cache.
INLINE long pointwiseStrip(const ds_convolution &c) { return most(least(bandFloats / most(c.inputs, c.outputs), 128), 16); }
INLINE long pointwiseKernelRoom(const ds_convolution &c) { return pointwiseStrip(c) * (c.inputs + 16 + blocked(c.outputs)); }

static void pointwiseKernelGradient(const ds_convolution &c, long pixels, const float *x, const float *dy, float *sum, float *biasSum, float *room) {
  long inputs = c.inputs, outputs = c.outputs, strip = pointwiseStrip(c);
  float *copies = room, *panels = room + strip * (inputs + 16);
  for (long first = 0; first < pixels; first += strip) {
    long count = least(strip, pixels - first), xPixel = inputs;
    const float *from = x + first * inputs, *d = dy + first * outputs;
    if (fights(inputs)) {
      xPixel = inputs + 16;
      for (long p = 0; p < count; p++) copy(copies + p * xPixel, from + p * inputs, inputs);
      from = copies;
    }
    bool inPanels = needsPanels(c);
    if (inPanels) packPanels(count, outputs, d, outputs, panels);
    if (biasSum) column_sums(count, outputs, 0, d, biasSum, 0, outputs);
    for (long o = 0; o < outputs; o += block)
      inPanel(outputs - o, [&](auto vectors) INLINED {
        inTiles<tileRows>(inputs, [&](long k, auto rows) INLINED {
          directGradientTile<decltype(rows)::value, decltype(vectors)::value>(
              from + k, 0, xPixel, inPanels ? panels + o * count : d + o, 0, inPanels ? block : outputs, 1, count, sum + o * inputs + k * block);
        });
      });
  }
}

INLINE long directKernelRoom(const ds_convolution &c) { return isProduct(c) ? pointwiseKernelRoom(c) : directBandRoom(c); }

static void directKernelGradient(const ds_convolution &c, long images, const float *x, const float *dy, float *sum, float *biasSum, float *room) {
  if (isProduct(c)) return pointwiseKernelGradient(c, images * c.height * c.width, x, dy, sum, biasSum, room);
  long inputs = c.inputs / c.groups, outputs = c.outputs / c.groups, taps = (long)c.kernel_height * c.kernel_width;
  long xPixel = (long)c.stride_width * c.inputs, bandHeight = bandRows(c), width = c.out_width;
  bool joined = c.dilation_width == 1 && c.groups == 1;
  long columns = joined ? 1 : c.kernel_width, lines = joined ? c.kernel_width * inputs : inputs;
  long stripHeight = most(stripFloats / (width * most(c.inputs, c.outputs)), 1);
  float *panels = room + bandRoom(c);
  for (long n = 0; n < images; n++) {
    if (biasSum) column_sums((long)c.out_height * width, c.outputs, 0, dy + n * c.out_height * width * c.outputs, biasSum, 0, c.outputs);
    for (long top = 0; top < c.out_height; top += bandHeight) {
      long height = least(bandHeight, c.out_height - top), pixels = height * width;
      Band in = bandOf(c, x + n * c.height * c.width * c.inputs, top, height, room);
      const float *d = dy + (n * c.out_height + top) * width * c.outputs;
      if (needsPanels(c))
        for (long g = 0; g < c.groups; g++) packPanels(pixels, outputs, d + g * outputs, c.outputs, panels + g * blocked(outputs) * pixels);
      for (long r = 0; r < height; r += stripHeight)
        for (long g = 0; g < c.groups; g++)
          for (long i = 0; i < c.kernel_height; i++)
            for (long j = 0; j < columns; j++)
              for (long o = 0; o < outputs; o += block) {
                const float *from = in.start + (r * c.stride_height + i * c.dilation_height) * in.row + j * c.dilation_width * c.inputs + g * inputs;
                const float *g0 = needsPanels(c) ? panels + (g * blocked(outputs) + o) * pixels + r * width * block : d + r * width * c.outputs + g * outputs + o;
                long pixel = needsPanels(c) ? block : c.outputs;
                float *to = sum + ((g * blocked(outputs) + o) * taps + (i * c.kernel_width + j) * block) * inputs;
                inPanel(outputs - o, [&](auto vectors) INLINED {
                  inTiles<tileRows>(lines, [&](long k, auto rows) INLINED {
                    directGradientTile<decltype(rows)::value, decltype(vectors)::value>(
                        from + k, c.stride_height * in.row, xPixel, g0, width * pixel, pixel, least(stripHeight, height - r), width, to + k * block);
                  });
                });
              }
    }
  }
}

// dg = the shards' sums added in order, for lines [first, last) of taps and inputs.
static void directFinish(const ds_convolution &c, long shards, long shardStride, const float *sum, float *dg, long first, long last) {
  long outputs = c.outputs / c.groups, lines = directLines(c);
  for (long k = first; k < last; k++)
    for (long g = 0; g < c.groups; g++)
      inVectors(outputs, [&](long o, auto n) INLINED {
        const float *from = sum + (g * blocked(outputs) + o / block * block) * lines + k * block + o % block;
        Vector s = load(from);
        for (long q = 1; q < shards; q++) s += load(from + q * shardStride);
        store(dg + k * c.outputs + g * outputs + o, s, n);
      });
}
