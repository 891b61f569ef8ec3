// Functions for vectors. Errors of exp, sigmoid and tanh stay below 1.3, 3.2 and 4.9 units in the last place.

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

// Cephes' logf: x = 2^k (1 + r) with 1 + r between sqrt(1/2) and sqrt(2), and a polynomial for log(1 + r).
INLINE Vector logarithm(Vector x) {
  Mask tiny = x < 1.17549435e-38f;  // below the smallest normal number; also negative
  Vector scaled = tiny ? x * 8388608.f : x;
  Mask bits = (Mask)scaled, k = (bits - 0x3f3504f3) >> 23;
  Vector r = (Vector)(bits - (k << 23)) - 1.f, e = __builtin_convertvector(tiny ? k - 23 : k, Vector), s = r * r;
  Vector p = r * 7.0376836292e-2f + -1.1514610310e-1f;
  p = p * r + 1.1676998740e-1f;
  p = p * r + -1.2420140846e-1f;
  p = p * r + 1.4249322787e-1f;
  p = p * r + -1.6668057665e-1f;
  p = p * r + 2.0000714765e-1f;
  p = p * r + -2.4999993993e-1f;
  p = p * r + 3.3333331174e-1f;
  Vector y = p * r * s + e * -2.12194440e-4f;
  y = y - s * .5f;
  y = (r + y) + e * 0.693359375f;
  Vector special = x == (Vector){} ? broadcast(-__builtin_inff()) : x < (Vector){} ? broadcast(__builtin_nanf("")) : y;
  return x < __builtin_inff() ? special : x;  // infinity and NaN stay
}

// log(1 + x), exact near 0: the rounding of 1 + x is made good in proportion.
INLINE Vector logarithmOfOnePlus(Vector x) {
  Vector u = x + 1.f, y = logarithm(u), exact = y * (x / (u - 1.f));
  return ((u == 1.f) | (x == __builtin_inff())) ? x : u > (Vector){} ? exact : y;
}

INLINE Vector softplus(Vector x) { return positive(x) + logarithmOfOnePlus(exponential((Vector)((Mask)x | (int)0x80000000))); }

// A rational function of degree 13 over 8 (Eigen's coefficients); 1 and -1 beyond +-4 to the float.
INLINE Vector errorFunction(Vector argument) {
  Vector x = atMost(atLeast(argument, -4.f), 4.f), s = x * x;
  Vector p = s * -2.72614225801306e-10f + 2.77068142495902e-08f;
  p = p * s + -2.10102402082508e-06f;
  p = p * s + -5.69250639462346e-05f;
  p = p * s + -7.34990630326855e-04f;
  p = p * s + -2.95459980854025e-03f;
  p = p * s + -1.60960333262415e-02f;
  Vector q = s * -1.45660718464996e-05f + -2.13374055278905e-04f;
  q = q * s + -1.68282697438203e-03f;
  q = q * s + -7.37332916720468e-03f;
  q = q * s + -1.42647390514189e-02f;
  Vector inside = x * p / q;
  return argument > 4.f ? broadcast(1) : argument < -4.f ? broadcast(-1) : inside;
}

INLINE Vector squareRoot(Vector x) { return __builtin_elementwise_sqrt(x); }
INLINE Vector absolute(Vector x) { return (Vector)((Mask)x & 0x7fffffff); }
// 1, -1, or x itself where it is 0 or no number
INLINE Vector sign(Vector x) { return x > (Vector){} ? broadcast(1) : x < (Vector){} ? broadcast(-1) : x; }
