// Sums, means, extremes and products over some axes of a tensor, and the sums that the engine needs elsewhere.
//
// The axes are parted into those that stay and those that vanish. If the innermost axis that stays is contiguous, a vector
// holds several results and the vanishing axes are walked one by one (`across`); otherwise each result is the sum of
// lines, in sixteen strands (`along`). Both orders depend on nothing but the shape.

struct Reduction {
  Nest<2> kept;     // strides of x and of the result
  Nest<1> reduced;  // stride of x
  INLINED bool across() const { return kept.stride[0][kept.axes - 1] == 1; }
};

INLINE Reduction reductionOf(long rows, const ds_loop &loop) {
  Reduction r;
  if (rows != 1) r.kept.append(rows, {loop.a_row, loop.y_row});
  for (int i = 0; i < loop.axes; i++) {
    if (loop.y[i] == 0 && loop.size[i] != 1) r.reduced.append(loop.size[i], {loop.a[i]});
    else r.kept.append(loop.size[i], {loop.a[i], loop.y[i]});
  }
  r.kept.close();
  r.reduced.close();
  return r;
}

// body(offset) for every element of the vanishing axes.
template <typename Body>
INLINE void walkReduced(const Nest<1> &nest, Body body) {
  int inner = nest.axes - 1;
  long count = nest.size[inner], stride = nest.stride[0][inner];
  walk(nest, inner, [&](const long *at) INLINED {
    for (long i = 0; i < count; i++) body(at[0] + i * stride);
  });
}

// y = finish(join of all x). `first` changes nothing when joined.
template <typename Join, typename Finish>
static void reduceBy(const Reduction &r, const float *x, float *y, float first, Join join, Finish finish) {
  int inner = r.kept.axes - 1;
  if (r.across()) {
    Step yStep = {r.kept.stride[1][inner]};
    walk(r.kept, inner, [&](const long *at) INLINED {
      inStrips<4>(r.kept.size[inner], [&](long c, auto n, auto vectors) INLINED {
        constexpr int count = decltype(vectors)::value;
        Vector sums[count];
        UNROLL for (int v = 0; v < count; v++) sums[v] = broadcast(first);
        walkReduced(r.reduced, [&](long offset) INLINED {
          UNROLL for (int v = 0; v < count; v++) sums[v] = join(sums[v], load(x + at[0] + offset + c + v * lanes, n));
        });
        UNROLL for (int v = 0; v < count; v++) put(y + at[1], yStep, c + v * lanes, finish(sums[v]), n);
      });
    });
  } else {
    int line = r.reduced.axes - 1;
    Step step = {r.reduced.stride[0][line]};
    walk(r.kept, r.kept.axes, [&](const long *at) INLINED {
      Sixteen sums;
      UNROLL for (int s = 0; s < strands; s++) sums[s] = broadcast(first);
      walk(r.reduced, line, [&](const long *from) INLINED {
        inSixteens(r.reduced.size[line], [&](long i, int s, auto n) INLINED {
          sums[s] = join(sums[s], within(n, take(x + at[0] + from[0], step, i, n), broadcast(first)));
        });
      });
      float result = joined(sums, join);
      y[at[1]] = finish(broadcast(result))[0];
    });
  }
}

// The first of the largest; NaN is larger than everything.
static void reduceArgmax(const Reduction &r, const float *x, float *y) {
  int inner = r.kept.axes - 1;
  if (r.across()) {
    Step yStep = {r.kept.stride[1][inner]};
    walk(r.kept, inner, [&](const long *at) INLINED {
      inVectors(r.kept.size[inner], [&](long c, auto n) INLINED {
        Vector best = {};
        Mask index = {};
        int position = 0;
        walkReduced(r.reduced, [&](long offset) INLINED {
          Vector v = load(x + at[0] + offset + c, n);
          Mask better = (v > best) | ((v != v) & (best == best));
          if (position == 0) better = ~(Mask){};
          best = better ? v : best;
          index = better ? position - (Mask){} : index;
          position++;
        });
        put(y + at[1], yStep, c, __builtin_convertvector(index, Vector), n);
      });
    });
  } else {
    walk(r.kept, r.kept.axes, [&](const long *at) INLINED {
      float best = 0;
      long index = 0, position = 0;
      walkReduced(r.reduced, [&](long offset) INLINED {
        float v = x[at[0] + offset];
        if (position == 0 || v > best || (v != v && best == best)) best = v, index = position;
        position++;
      });
      y[at[1]] = index;
    });
  }
}

static void reduce(ds_reduction function, long rows, const ds_loop *loop, long count, const float *x, float *y) {
  Reduction r = reductionOf(rows, *loop);
  auto keep = [](Vector v) INLINED { return v; };
  switch (function) {
    case ds_sum: return reduceBy(r, x, y, 0, [](Vector a, Vector b) INLINED { return a + b; }, keep);
    case ds_mean: return reduceBy(r, x, y, 0, [](Vector a, Vector b) INLINED { return a + b; }, [=](Vector v) INLINED { return v / (float)count; });
    case ds_most: return reduceBy(r, x, y, -__builtin_inff(), [](Vector a, Vector b) INLINED { return larger(a, b); }, keep);
    case ds_least: return reduceBy(r, x, y, __builtin_inff(), [](Vector a, Vector b) INLINED { return smaller(a, b); }, keep);
    case ds_product: return reduceBy(r, x, y, 1, [](Vector a, Vector b) INLINED { return a * b; }, keep);
    case ds_argmax: return reduceArgmax(r, x, y);
  }
}

// dx = slope(x, y, dy, ties): ties is the number of elements equal to y if `Count`, else 0.
template <bool Count, typename Slope>
static void reduceBackwardBy(const Reduction &r, const float *x, const float *y, const float *dy, float *dx, Slope slope) {
  int inner = r.kept.axes - 1;
  if (r.across()) {
    Step yStep = {r.kept.stride[1][inner]};
    walk(r.kept, inner, [&](const long *at) INLINED {
      inVectors(r.kept.size[inner], [&](long c, auto n) INLINED {
        Vector result = take(y + at[1], yStep, c, n), g = take(dy + at[1], yStep, c, n), ties = {};
        if (Count) walkReduced(r.reduced, [&](long offset) INLINED { ties += truth(load(x + at[0] + offset + c, n) == result); });
        walkReduced(r.reduced, [&](long offset) INLINED {
          long i = at[0] + offset + c;
          store(dx + i, slope(load(x + i, n), result, g, ties), n);
        });
      });
    });
  } else {
    int line = r.reduced.axes - 1;
    Step step = {r.reduced.stride[0][line]};
    walk(r.kept, r.kept.axes, [&](const long *at) INLINED {
      Vector result = broadcast(y[at[1]]), g = broadcast(dy[at[1]]);
      Sixteen ties = {};
      if (Count)
        walk(r.reduced, line, [&](const long *from) INLINED {
          inSixteens(r.reduced.size[line], [&](long i, int s, auto n) INLINED {
            ties[s] += within(n, truth(take(x + at[0] + from[0], step, i, n) == result), (Vector){});
          });
        });
      Vector equal = broadcast(total(ties));
      walk(r.reduced, line, [&](const long *from) INLINED {
        long base = at[0] + from[0];
        inVectors(r.reduced.size[line], [&](long i, auto n) INLINED {
          put(dx + base, step, i, slope(take(x + base, step, i, n), result, g, equal), n);
        });
      });
    });
  }
}

// dy times the product of the others, exact where one of them is 0.
static void productBackward(const Reduction &r, const float *x, const float *dy, float *dx) {
  walk(r.kept, r.kept.axes, [&](const long *at) INLINED {
    float others = 1, g = dy[at[1]];
    long zeros = 0;
    walkReduced(r.reduced, [&](long offset) INLINED {
      float v = x[at[0] + offset];
      if (v == 0) zeros++;
      else others *= v;
    });
    walkReduced(r.reduced, [&](long offset) INLINED {
      float v = x[at[0] + offset];
      bool free = zeros == (v == 0);  // no other is 0
      dx[at[0] + offset] = free ? g * (v == 0 ? others : others / v) : 0;
    });
  });
}

static void reduce_backward(ds_reduction function, long rows, const ds_loop *loop, long count, const float *x,
                            const float *y, const float *dy, float *dx) {
  Reduction r = reductionOf(rows, *loop);
  switch (function) {
    case ds_sum: return reduceBackwardBy<false>(r, x, y, dy, dx, [](Vector, Vector, Vector g, Vector) INLINED { return g; });
    case ds_mean: return reduceBackwardBy<false>(r, x, y, dy, dx, [=](Vector, Vector, Vector g, Vector) INLINED { return g / (float)count; });
    case ds_most: case ds_least:
      return reduceBackwardBy<true>(r, x, y, dy, dx, [](Vector v, Vector most, Vector g, Vector ties) INLINED { return v == most ? g / ties : (Vector){}; });
    case ds_product: return productBackward(r, x, dy, dx);
    case ds_argmax: return reduceBackwardBy<false>(r, x, y, dy, dx, [](Vector, Vector, Vector, Vector) INLINED { return (Vector){}; });
  }
}

static void sum_terms(long terms, long stride, const float *from, float *sum, long first, long last) {
  if (terms <= 0) return;
  inVectors(last - first, [&](long i, auto n) INLINED {
    Vector s = load(from + first + i, n);
    for (long t = 1; t < terms; t++) s += load(from + t * stride + first + i, n);
    store(sum + first + i, s, n);
  });
}

static void column_sums(long rows, long columns, int start, const float *x, float *sums, long first, long last) {
  inStrips<4>(last - first, [&](long i, auto n, auto vectors) INLINED {
    constexpr int count = decltype(vectors)::value;
    const float *column = x + first + i;
    float *sum = sums + first + i;
    Vector s[count];
    UNROLL for (int v = 0; v < count; v++) s[v] = start ? (Vector){} : load(sum + v * lanes, n);
    for (long m = 0; m < rows; m++) UNROLL for (int v = 0; v < count; v++) s[v] += load(column + m * columns + v * lanes, n);
    UNROLL for (int v = 0; v < count; v++) store(sum + v * lanes, s[v], n);
  });
}
