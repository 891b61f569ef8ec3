// exp, sigmoid and tanh for vectors. Errors below 1.3, 3.2 and 4.9 units in the last place.

// Cephes' expf: x = k ln 2 + r with k rounded by adding 1.5 * 2^23, a polynomial for exp r, and 2^k in two factors, so that
// results beyond the largest float become infinite and those below the smallest normal one fade out.
INLINE Vector exponential(Vector x) {
  x = atMost(atLeast(x, -104.f), 89.f);
  constexpr float rounder = 12582912.f;
  Vector shifted = x * 1.44269504089f + rounder, k = shifted - rounder;
  Vector r = x - k * 0.693359375f;
  r = r + k * 2.12194440e-4f;
  Vector p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + (r + 1.f);
  Mask exponent = (Mask)shifted - 0x4b400000, half = exponent >> 1;
  return p * (Vector)((half + 127) << 23) * (Vector)((exponent - half + 127) << 23);
}

INLINE Vector sigmoid(Vector x) { return 1.f / (1.f + exponential(-x)); }

// A rational function of degree 13 over 6 (Eigen's coefficients); 1 and -1 where no float lies between.
INLINE Vector hyperbolicTangent(Vector argument) {
  Vector x = atMost(atLeast(argument, -7.90531110763549805f), 7.90531110763549805f);
  Vector s = x * x;
  Vector p = s * -2.76076847742355e-16f + 2.00018790482477e-13f;
  p = p * s + -8.60467152213735e-11f;
  p = p * s + 5.12229709037114e-08f;
  p = p * s + 1.48572235717979e-05f;
  p = p * s + 6.37261928875436e-04f;
  p = p * s + 4.89352455891786e-03f;
  Vector q = s * 1.19825839466702e-06f + 1.18534705686654e-04f;
  q = q * s + 2.26843463243900e-03f;
  q = q * s + 4.89352518554385e-03f;
  Vector inside = p * x / q;
  return argument > 9.f ? broadcast(1) : argument < -9.f ? broadcast(-1) : inside;
}

INLINE Vector squareRoot(Vector x) { return __builtin_elementwise_sqrt(x); }
INLINE Vector absolute(Vector x) { return (Vector)((Mask)x & 0x7fffffff); }
// 1, -1, or x itself where it is 0 or no number
INLINE Vector sign(Vector x) { return x > (Vector){} ? broadcast(1) : x < (Vector){} ? broadcast(-1) : x; }

// Functions that few networks call often: element by element, by the C library.
template <typename Function>
INLINE Vector byElement(Vector x, Function f) {
  UNROLL for (int i = 0; i < lanes; i++) x[i] = f(x[i]);
  return x;
}
INLINE float softplus(float x) { return (x > 0 || x != x ? x : 0) + __builtin_log1pf(__builtin_expf(-__builtin_fabsf(x))); }
