// Batch normalization, as the three parts that the whole-batch statistics cut it into, and layer normalization.

static void batch_moments(long pixels, long channels, const float *x, const float *pivot, int start, float *sums) {
  if (start) zero(sums, 2 * channels);
  inStrips<4>(channels, [&](long c, auto n, auto vectors) INLINED {
    constexpr int count = decltype(vectors)::value;
    Vector centre[count], sum[count], squares[count];
    UNROLL for (int v = 0; v < count; v++) {
      centre[v] = load(pivot + c + v * lanes, n);
      sum[v] = load(sums + c + v * lanes, n);
      squares[v] = load(sums + channels + c + v * lanes, n);
    }
    for (long p = 0; p < pixels; p++)
      UNROLL for (int v = 0; v < count; v++) {
        Vector d = load(x + p * channels + c + v * lanes, n) - centre[v];
        sum[v] += d;
        squares[v] += d * d;
      }
    UNROLL for (int v = 0; v < count; v++) {
      store(sums + c + v * lanes, sum[v], n);
      store(sums + channels + c + v * lanes, squares[v], n);
    }
  });
}

static void batch_apply(long pixels, long channels, const float *x, const float *scale, const float *shift, const float *added, int rectify, float *y) {
  inStrips<4>(channels, [&](long c, auto n, auto vectors) INLINED {
    constexpr int count = decltype(vectors)::value;
    Vector a[count], b[count];
    UNROLL for (int v = 0; v < count; v++) a[v] = load(scale + c + v * lanes, n), b[v] = load(shift + c + v * lanes, n);
    for (long i = c, p = 0; p < pixels; p++, i += channels)
      UNROLL for (int v = 0; v < count; v++) {
        Vector value = load(x + i + v * lanes, n) * a[v] + b[v];
        if (added) value += load(added + i + v * lanes, n);
        store(y + i + v * lanes, rectified(value, rectify), n);
      }
  });
}

static void batch_backward_moments(long pixels, long channels, const float *x, const float *dy, const float *mean,
                                   const float *inverse, int start, float *sums) {
  if (start) zero(sums, 2 * channels);
  inStrips<4>(channels, [&](long c, auto n, auto vectors) INLINED {
    constexpr int count = decltype(vectors)::value;
    Vector centre[count], gain[count], sum[count], products[count];
    UNROLL for (int v = 0; v < count; v++) {
      centre[v] = load(mean + c + v * lanes, n);
      gain[v] = load(inverse + c + v * lanes, n);
      sum[v] = load(sums + c + v * lanes, n);
      products[v] = load(sums + channels + c + v * lanes, n);
    }
    for (long p = 0; p < pixels; p++)
      UNROLL for (int v = 0; v < count; v++) {
        Vector g = load(dy + p * channels + c + v * lanes, n);
        sum[v] += g;
        products[v] += g * ((load(x + p * channels + c + v * lanes, n) - centre[v]) * gain[v]);
      }
    UNROLL for (int v = 0; v < count; v++) {
      store(sums + c + v * lanes, sum[v], n);
      store(sums + channels + c + v * lanes, products[v], n);
    }
  });
}

// dx = dy gain - (x - mean) (inverse b gain) - a gain
static void batch_backward(long pixels, long channels, const float *x, const float *dy, const float *mean, const float *inverse,
                           const float *gain, const float *a, const float *b, const float *mask, float *dx) {
  inStrips<4>(channels, [&](long c, auto n, auto vectors) INLINED {
    constexpr int count = decltype(vectors)::value;
    Vector centre[count], slope[count], offset[count], factor[count];
    UNROLL for (int v = 0; v < count; v++) {
      centre[v] = load(mean + c + v * lanes, n);
      slope[v] = load(inverse + c + v * lanes, n) * load(b + c + v * lanes, n);
      offset[v] = load(a + c + v * lanes, n);
      factor[v] = load(gain + c + v * lanes, n);
    }
    for (long i = c, p = 0; p < pixels; p++, i += channels)
      UNROLL for (int v = 0; v < count; v++) {
        Vector g = (load(dy + i + v * lanes, n) - offset[v] - (load(x + i + v * lanes, n) - centre[v]) * slope[v]) * factor[v];
        store(dx + i + v * lanes, mask ? wherePositive(load(mask + i + v * lanes, n), g) : g, n);
      }
  });
}

static void layer_norm(long rows, long width, float epsilon, const float *x, const float *gamma, const float *beta, float *y, float *statistics) {
  for (long r = 0; r < rows; r++, x += width, y += width) {
    Sixteen sums = {}, squares = {};
    inSixteens(width, [&](long i, int s, auto n) INLINED { sums[s] += load(x + i, n); });
    float mean = total(sums) / width;
    inSixteens(width, [&](long i, int s, auto n) INLINED {
      Vector d = within(n, load(x + i, n) - mean, (Vector){});
      squares[s] += d * d;
    });
    float inverse = 1 / __builtin_sqrtf(total(squares) / width + epsilon);
    statistics[2 * r] = mean;
    statistics[2 * r + 1] = inverse;
    inVectors(width, [&](long i, auto n) INLINED {
      Vector v = (load(x + i, n) - mean) * inverse;
      if (gamma) v *= load(gamma + i, n);
      if (beta) v += load(beta + i, n);
      store(y + i, v, n);
    });
  }
}

// dx = inverse (g - mean g - xhat mean (g xhat)) with g = dy gamma
static void layer_norm_backward(long rows, long width, const float *x, const float *statistics, const float *gamma,
                                const float *dy, int start, float *dx, float *sums) {
  if (sums && start) zero(sums, 2 * width);
  for (long r = 0; r < rows; r++, x += width, dy += width) {
    float mean = statistics[2 * r], inverse = statistics[2 * r + 1];
    auto normal = [&](long i, auto n) INLINED { return (load(x + i, n) - mean) * inverse; };
    auto gradient = [&](long i, auto n) INLINED { return gamma ? load(dy + i, n) * load(gamma + i, n) : load(dy + i, n); };
    if (sums)
      inVectors(width, [&](long i, auto n) INLINED {
        Vector g = load(dy + i, n);
        store(sums + i, load(sums + i, n) + g * normal(i, n), n);
        store(sums + width + i, load(sums + width + i, n) + g, n);
      });
    if (!dx) continue;
    Sixteen all = {}, along = {};
    inSixteens(width, [&](long i, int s, auto n) INLINED {
      Vector g = gradient(i, n);
      all[s] += g;
      along[s] += g * normal(i, n);
    });
    float a = total(all) / width, b = total(along) / width;
    inVectors(width, [&](long i, auto n) INLINED { store(dx + i, (gradient(i, n) - a - normal(i, n) * b) * inverse, n); });
    dx += width;
  }
}
