// 3x3 convolution, stride 1, by Winograd's F(4x4, 3x3): a 6x6 patch of the input becomes a 4x4 tile of the output with 36
// products instead of 144. (Lavin and Gray, 2015.) Images are NHWC, kernels HWIO.
//
// Tiles of all images in the call form one list and are taken `tilesPerPass` at a time, so that transformed input V and
// product M stay in the second-level cache, where the images' next rows are fetched meanwhile. Layouts, with channels in blocks of `block`, the last one filled with zeros:
//   V[36][inputs/block][tile][block], M[36][outputs/block][tile][block], U[36][outputs/block][inputs][block].

constexpr long planePad = 16;  // without it the 36 planes would fall into the same cache sets
// The planes of the kernel are written side by side, so where they are large they must not share the sets of the address
// translation either.
INLINE long kernelPlane(long lines, long columns) { return lines * columns + (lines * columns < 1 << 14 ? planePad : 1024 + planePad); }
constexpr int gradientRows = LANES == 16 ? 8 : 4;  // of a tile of dU; divides `lanes`

INLINE long blocked(long channels) { return roundedUp(channels, block); }

// One row of the 6x6 input transform B'.
INLINE void inputTransform(const Vector *d, Vector *o) {
  Vector a = d[4] - 4.f * d[2], b = d[3] - 4.f * d[1], c = d[4] - d[2], e = 2.f * (d[3] - d[1]);
  o[0] = 4.f * d[0] + (d[4] - 5.f * d[2]);
  o[1] = a + b; o[2] = a - b; o[3] = c + e; o[4] = c - e;
  o[5] = 4.f * d[1] + (d[5] - 5.f * d[3]);
}

// One row of the 4x6 output transform A'.
INLINE void outputTransform(const Vector *m, Vector *o) {
  Vector a = m[1] + m[2], b = m[1] - m[2], c = m[3] + m[4], d = m[3] - m[4];
  o[0] = m[0] + a + c; o[1] = b + 2.f * d; o[2] = a + 4.f * c; o[3] = b + 8.f * d + m[5];
}

// One row of A, for the gradient of the output.
INLINE void gradientTransform(const Vector *y, Vector *o) {
  Vector e = y[0] + y[2], f = y[1] + y[3], g = y[0] + 4.f * y[2], h = 2.f * y[1] + 8.f * y[3];
  o[0] = y[0]; o[1] = e + f; o[2] = e - f; o[3] = g + h; o[4] = g - h; o[5] = y[3];
}

constexpr float kernelTransform[6][3] = {{1 / 4.f, 0, 0}, {-1 / 6.f, -1 / 6.f, -1 / 6.f}, {-1 / 6.f, 1 / 6.f, -1 / 6.f},
                                         {1 / 24.f, 1 / 12.f, 1 / 6.f}, {1 / 24.f, -1 / 12.f, 1 / 6.f}, {0, 0, 1}};

// body(place) for a Size x Size window of an image, where place(i, j) is the address of a pixel. Beyond the border it is a
// line of zeros, so that the transforms know no border.
template <int Size, typename Body>
INLINE void inWindow(const float *image, long height, long width, long channels, long top, long left, const float *zeros, Body body) {
  const float *first = image + (top * width + left) * channels;
  if (top >= 0 && left >= 0 && top + Size <= height && left + Size <= width)
    return body([&](int i, int j) INLINED { return first + (i * width + j) * channels; });
  const float *places[Size][Size];
  UNROLL for (int i = 0; i < Size; i++)
    UNROLL for (int j = 0; j < Size; j++) {
      bool isInside = (unsigned long)(top + i) < (unsigned long)height && (unsigned long)(left + j) < (unsigned long)width;
      places[i][j] = isInside ? first + (i * width + j) * channels : zeros;
    }
  body([&](int i, int j) INLINED { return places[i][j]; });
}

template <typename Place>
INLINE void transformInput(Place place, long channels, float *V, long plane, long panel) {
  inVectors(channels, [&](long c, auto n) INLINED {
    Vector t[6][6];
    float *o = V + c / block * panel + c % block;
    UNROLL for (int j = 0; j < 6; j++) {
      Vector q[6], r[6];
      UNROLL for (int i = 0; i < 6; i++) q[i] = load(place(i, j) + c, n);
      inputTransform(q, r);
      UNROLL for (int i = 0; i < 6; i++) t[i][j] = r[i];
    }
    UNROLL for (int i = 0; i < 6; i++) {
      Vector r[6];
      inputTransform(t[i], r);
      UNROLL for (int j = 0; j < 6; j++) store(o + (i * 6 + j) * plane, r[j]);
    }
  });
}

// The bias gradient falls out on the way: it is the sum of what is read.
template <typename Place>
INLINE void transformGradient(Place place, long channels, float *D, long plane, long panel, float *biasSum) {
  inVectors(channels, [&](long c, auto n) INLINED {
    Vector t[6][4], sum = {};
    float *o = D + c / block * panel + c % block;
    UNROLL for (int j = 0; j < 4; j++) {
      Vector q[4], r[6];
      UNROLL for (int i = 0; i < 4; i++) q[i] = load(place(i, j) + c, n);
      sum += (q[0] + q[1]) + (q[2] + q[3]);
      gradientTransform(q, r);
      UNROLL for (int i = 0; i < 6; i++) t[i][j] = r[i];
    }
    if (biasSum) store(biasSum + c, load(biasSum + c, n) + sum, n);
    UNROLL for (int i = 0; i < 6; i++) {
      Vector r[6];
      gradientTransform(t[i], r);
      UNROLL for (int j = 0; j < 6; j++) store(o + (i * 6 + j) * plane, r[j]);
    }
  });
}

// height x width of a tile: all 4x4 of it, or what lies inside the image. `y` is the tile's place, as is finish.mask.
INLINE void transformOutput(const float *M, long plane, long panel, long channels, const Finish &finish, float *y,
                            long rowStride, long height, long width) {
  inVectors(channels, [&](long c, auto n) INLINED {
    Vector t[4][6], shift = finish.bias ? load(finish.bias + c, n) : (Vector){};
    const float *m = M + c / block * panel + c % block;
    UNROLL for (int j = 0; j < 6; j++) {
      Vector q[6], r[4];
      UNROLL for (int i = 0; i < 6; i++) q[i] = load(m + (i * 6 + j) * plane);
      outputTransform(q, r);
      UNROLL for (int i = 0; i < 4; i++) t[i][j] = r[i];
    }
    UNROLL for (int i = 0; i < 4; i++) {
      Vector r[4];
      outputTransform(t[i], r);
      if (i >= height) continue;
      UNROLL for (int j = 0; j < 4; j++) {
        if (j >= width) continue;
        long at = i * rowStride + j * channels + c;
        Vector v = rectified(r[j] + shift, finish.rectify);
        store(y + at, finish.mask ? wherePositive(load(finish.mask + at, n), v) : v, n);
      }
    }
  });
}

// 12 tiles of 32 channels: V and M are 110 KB then, which leaves room in the second-level cache for U, for the pixels that
// they come from and go to, and for those of the next pass.
INLINE long tilesPerPass(long channels) { return most(12 * 32 / channels / tileRows, 1) * tileRows; }
INLINE long tilesPerPass(const ds_convolution &c) { return tilesPerPass(most(blocked(c.inputs), blocked(c.outputs))); }
INLINE long tilesPerKernelPass(const ds_convolution &c) { return c.inputs >= 64 && c.outputs >= 64 ? 24 : tilesPerPass(c); }

INLINE long winogradRoomFor(const ds_convolution &c, long tiles) {
  return 36 * (tiles * blocked(c.inputs) + planePad) + 36 * (tiles * blocked(c.outputs) + planePad) + most(c.inputs, c.outputs);
}
INLINE long winogradRoom(const ds_convolution &c) { return winogradRoomFor(c, tilesPerPass(c)); }
INLINE long winogradKernelRoom(const ds_convolution &c) { return winogradRoomFor(c, tilesPerKernelPass(c)); }

INLINE long winogradPackParts(const ds_convolution &c, int turned) { return turned ? c.outputs : c.inputs; }
INLINE long winogradPackedSize(const ds_convolution &c, int turned) {
  return 36 * (turned ? kernelPlane(c.outputs, blocked(c.inputs)) : kernelPlane(c.inputs, blocked(c.outputs)));
}

// Transforms the kernel for the input channels [first, last) of the product, one vector of columns after the other: then
// the 36 planes are written line by line.
static void winogradPack(const ds_convolution &c, int turned, const float *g, float *U, long first, long last) {
  long depth = turned ? c.outputs : c.inputs, columns = turned ? c.inputs : c.outputs, plane = kernelPlane(depth, blocked(columns));
  const auto &G = kernelTransform;
  for (long n = 0; n < blocked(columns); n += lanes)
    for (long start = first; start < last; start += lanes) {
      long count = least(last - start, lanes), width = most(least(columns - n, lanes), 0);
      float taps[9][lanes * lanes];  // [tap][channel][column]
      for (int tap = 0; tap < 9; tap++) {
        if (turned) {
          transposed(width, count, g + ((8 - tap) * (long)c.inputs + n) * c.outputs + start, c.outputs, taps[tap], lanes);
        } else {
          const float *from = g + (tap * (long)c.inputs + start) * c.outputs + n;
          for (long k = 0; k < count; k++)
            store(taps[tap] + k * lanes, width == lanes ? load(from + k * c.outputs) : width ? load(from + k * c.outputs, Part{(int)width}) : (Vector){});
        }
      }
      for (long k = 0; k < count; k++) {
        Vector t[6][3];
        float *to = U + n / block * depth * block + (start + k) * block + n % block;
        UNROLL for (int j = 0; j < 3; j++) {
          Vector a = load(taps[j] + k * lanes), b = load(taps[3 + j] + k * lanes), e = load(taps[6 + j] + k * lanes);
          UNROLL for (int i = 0; i < 6; i++) t[i][j] = G[i][0] * a + G[i][1] * b + G[i][2] * e;
        }
        UNROLL for (int i = 0; i < 6; i++)
          UNROLL for (int j = 0; j < 6; j++) store(to + (i * 6 + j) * plane, t[i][0] * G[j][0] + t[i][1] * G[j][1] + t[i][2] * G[j][2]);
      }
    }
}

struct Tile { long image, top, left; };
struct Tiles {
  long across, perImage;
  INLINED Tiles(const ds_convolution &c) : across(quotientUp(c.out_width, 4)), perImage(across * quotientUp(c.out_height, 4)) {}
  INLINED Tile operator[](long index) const {
    long image = index / perImage, rest = index % perImage;
    return {image, rest / across * 4, rest % across * 4};
  }
};

// The rows of images [..][height][width][channels] that lie under some tiles, from `above` a tile's top on, `size` of them for
// a tile. They are fetched into the second-level cache while the tiles before are multiplied, a part with each of the 36
// planes: read row by row, 6 pixels at a time, they come from memory at half the speed.
struct Ahead {
  const float *from;
  long lines;
  INLINED Ahead(const Tiles &tiles, long start, long end, const float *images, long height, long width, long channels, long above, long size) : from(images), lines(0) {
    if (!images || start >= end) return;
    Tile first = tiles[start], last = tiles[end - 1];
    long row = first.image * height + most(first.top - above, 0);
    from += row * width * channels;
    lines = quotientUp((last.image * height + least(last.top - above + size, height) - row) * width * channels, 16);
  }
  INLINED void fetch(int plane) const {
    for (long line = lines * plane / 36; line < lines * (plane + 1) / 36; line++) __builtin_prefetch(from + line * 16, 0, 2);
  }
};

// M rows = V rows times U, for one of the 36 planes and one panel of outputs.
template <int Rows, int Vectors>
static void winogradTile(const float *V, long panel, long inputs, const float *U, float *M) {
  Vector sum[Rows][Vectors] = {};
  for (long i = 0; i < inputs; i += block)
    multiply<Rows, Vectors>(sum, V + i / block * panel, block, 1, U + i * block, block, least(block, inputs - i));
  UNROLL for (int r = 0; r < Rows; r++)
    UNROLL for (int v = 0; v < Vectors; v++) store(M + r * block + v * lanes, sum[r][v]);
}

static void winogradForward(const ds_convolution &c, long images, const float *x, const float *U, Finish finish, float *y, float *room) {
  Tiles tiles(c);
  long inputs = c.inputs, outputs = c.outputs, pass = tilesPerPass(c);
  long panel = pass * block, vPlane = pass * blocked(inputs) + planePad, mPlane = pass * blocked(outputs) + planePad;
  long uPlane = kernelPlane(inputs, blocked(outputs));
  float *V = room, *M = V + 36 * vPlane, *zeros = M + 36 * mPlane;
  zero(zeros, inputs);

  for (long start = 0, total = images * tiles.perImage; start < total; start += pass) {
    long count = least(total - start, pass);
    for (long i = 0; i < count; i++) {
      Tile t = tiles[start + i];
      inWindow<6>(x + t.image * c.height * c.width * inputs, c.height, c.width, inputs, t.top - c.pad_top, t.left - c.pad_left, zeros,
                  [&](auto place) INLINED { transformInput(place, inputs, V + i * block, vPlane, panel); });
    }
    long next = start + count, end = least(next + pass, total);
    Ahead read(tiles, next, end, x, c.height, c.width, inputs, c.pad_top, 6);
    Ahead masks(tiles, next, end, finish.mask, c.out_height, c.out_width, outputs, 0, 4);
    Ahead written(tiles, next, end, y, c.out_height, c.out_width, outputs, 0, 4);
    for (int xi = 0; xi < 36; xi++) {
      read.fetch(xi);
      masks.fetch(xi);
      written.fetch(xi);
      for (long o = 0; o < outputs; o += block)
        inPanel(outputs - o, [&](auto vectors) INLINED {
          inTiles<tileRows>(count, [&](long p, auto rows) INLINED {
            winogradTile<decltype(rows)::value, decltype(vectors)::value>(
                V + xi * vPlane + p * block, panel, inputs, U + xi * uPlane + o * inputs, M + xi * mPlane + o / block * panel + p * block);
          });
        });
    }
    for (long i = 0; i < count; i++) {
      Tile t = tiles[start + i];
      long at = ((t.image * c.out_height + t.top) * c.out_width + t.left) * outputs, row = c.out_width * outputs;
      long height = c.out_height - t.top, width = c.out_width - t.left;
      Finish place = {finish.bias, finish.mask ? finish.mask + at : nullptr, finish.rectify};
      if (height >= 4 && width >= 4)  // constants here let the compiler drop the border tests of most tiles
        transformOutput(M + i * block, mPlane, panel, outputs, place, y + at, row, 4, 4);
      else
        transformOutput(M + i * block, mPlane, panel, outputs, place, y + at, row, height, width);
    }
  }
}

INLINE long gradientLines(const ds_convolution &c) { return roundedUp(c.inputs, gradientRows); }
INLINE long gradientPlane(const ds_convolution &c) { return kernelPlane(gradientLines(c), blocked(c.outputs)); }
INLINE long winogradSumSize(const ds_convolution &c) { return 36 * gradientPlane(c); }

// dU rows += V' D over `count` tiles, or = where the sum starts.
template <int Vectors>
static void winogradGradientTile(const float *V, const float *D, long count, bool starts, float *dU) {
  Vector sum[gradientRows][Vectors] = {};
  if (!starts)
    UNROLL for (int r = 0; r < gradientRows; r++)
      UNROLL for (int v = 0; v < Vectors; v++) sum[r][v] = load(dU + r * block + v * lanes);
  multiply<gradientRows, Vectors>(sum, V, 1, block, D, block, count);
  UNROLL for (int r = 0; r < gradientRows; r++)
    UNROLL for (int v = 0; v < Vectors; v++) store(dU + r * block + v * lanes, sum[r][v]);
}

// dU[36][outputs/block][inputs][block] += V' D, tile by tile in order, from zero at the start. The inputs are rounded up to
// whole tiles of dU; the additional lines are products with the zeros behind the last channel.
static void winogradKernelGradient(const ds_convolution &c, long images, const float *x, const float *dy, int isStart, float *dU, float *biasSum,
                                   float *room) {
  Tiles tiles(c);
  long inputs = c.inputs, outputs = c.outputs, pass = tilesPerKernelPass(c), lines = gradientLines(c), plane = gradientPlane(c);
  long panel = pass * block, vPlane = pass * blocked(inputs) + planePad, dPlane = pass * blocked(outputs) + planePad;
  float *V = room, *D = V + 36 * vPlane, *zeros = D + 36 * dPlane;
  zero(zeros, most(inputs, outputs));

  for (long start = 0, total = images * tiles.perImage; start < total; start += pass) {
    long count = least(total - start, pass);
    for (long i = 0; i < count; i++) {
      Tile t = tiles[start + i];
      inWindow<6>(x + t.image * c.height * c.width * inputs, c.height, c.width, inputs, t.top - c.pad_top, t.left - c.pad_left, zeros,
                  [&](auto place) INLINED { transformInput(place, inputs, V + i * block, vPlane, panel); });
      inWindow<4>(dy + t.image * c.out_height * c.out_width * outputs, c.out_height, c.out_width, outputs, t.top, t.left, zeros,
                  [&](auto place) INLINED { transformGradient(place, outputs, D + i * block, dPlane, panel, biasSum); });
    }
    long next = start + count, end = least(next + pass, total);
    Ahead read(tiles, next, end, x, c.height, c.width, inputs, c.pad_top, 6);
    Ahead gradients(tiles, next, end, dy, c.out_height, c.out_width, outputs, 0, 4);
    for (int xi = 0; xi < 36; xi++) {
      read.fetch(xi);
      gradients.fetch(xi);
      for (long o = 0; o < outputs; o += block)
        inPanel(outputs - o, [&](auto vectors) INLINED {
          for (long i = 0; i < lines; i += gradientRows)
            winogradGradientTile<decltype(vectors)::value>(V + xi * vPlane + i / block * panel + i % block, D + xi * dPlane + o / block * panel, count,
                                                           isStart && start == 0, dU + xi * plane + o * lines + i * block);
        });
    }
  }
}

// dg = G' (dU of all shards, added in order) G, for input channels [first, last).
static void winogradFinish(const ds_convolution &c, long shards, long shardStride, const float *dU, float *dg, long first, long last) {
  const auto &G = kernelTransform;
  long lines = gradientLines(c), plane = gradientPlane(c);
  inVectors(c.outputs, [&](long n, auto part) INLINED {
    for (long k = first; k < last; k++) {
      const float *from = dU + n / block * lines * block + k * block + n % block;
      Vector t[3][6];
      UNROLL for (int j = 0; j < 6; j++) {
        Vector s[3] = {};
        UNROLL for (int i = 0; i < 6; i++) {
          Vector u = load(from + (i * 6 + j) * plane);
          for (long q = 1; q < shards; q++) u += load(from + q * shardStride + (i * 6 + j) * plane);
          UNROLL for (int r = 0; r < 3; r++) s[r] += G[i][r] * u;
        }
        UNROLL for (int r = 0; r < 3; r++) t[r][j] = s[r];
      }
      UNROLL for (int r = 0; r < 3; r++)
        UNROLL for (int s = 0; s < 3; s++) {
          Vector a = {};
          UNROLL for (int j = 0; j < 6; j++) a += t[r][j] * G[j][s];
          store(dg + ((r * 3 + s) * (long)c.inputs + k) * c.outputs + n, a, part);
        }
    }
  });
}
