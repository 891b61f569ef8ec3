// Optimizers, element by element as Keras 3 defines them.

INLINE Vector decayed(Vector w, const ds_update &u) { return w - w * u.decay; }

static void sgd(long count, ds_update u, const float *g, float *velocity, float *w) {
  inVectors(count, [&](long i, auto n) INLINED {
    Vector weight = decayed(load(w + i, n), u), step = load(g + i, n) * -u.rate;
    if (velocity) {
      Vector v = load(velocity + i, n) * u.momentum + step;
      store(velocity + i, v, n);
      step = u.nesterov ? v * u.momentum + step : v;
    }
    store(w + i, weight + step, n);
  });
}

static void adam(long count, ds_update u, const float *g, float *m, float *v, float *v_hat, float *w) {
  inVectors(count, [&](long i, auto n) INLINED {
    Vector weight = decayed(load(w + i, n), u), gradient = load(g + i, n), mean = load(m + i, n), square = load(v + i, n);
    mean += (gradient - mean) * (1 - u.beta1);
    square += (gradient * gradient - square) * (1 - u.beta2);
    store(m + i, mean, n);
    store(v + i, square, n);
    if (v_hat) {
      square = larger(load(v_hat + i, n), square);
      store(v_hat + i, square, n);
    }
    store(w + i, weight - mean * u.rate / (squareRoot(square) + u.epsilon), n);
  });
}

static void rmsprop(long count, ds_update u, const float *g, float *v, float *momentum, float *average, float *w) {
  inVectors(count, [&](long i, auto n) INLINED {
    Vector weight = decayed(load(w + i, n), u), gradient = load(g + i, n);
    Vector square = load(v + i, n) * u.beta2 + gradient * gradient * (1 - u.beta2), spread = square + u.epsilon;
    store(v + i, square, n);
    if (average) {
      Vector mean = load(average + i, n) * u.beta2 + gradient * (1 - u.beta2);
      store(average + i, mean, n);
      spread = square - mean * mean + u.epsilon;
    }
    Vector step = gradient * u.rate / squareRoot(spread);
    if (momentum) {
      step += load(momentum + i, n) * u.momentum;
      store(momentum + i, step, n);
    }
    store(w + i, weight - step, n);
  });
}
