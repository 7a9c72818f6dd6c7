// Losses of the prediction z relative to the target y.

// ln(1 + z) − ln(1 + y) is ±ln(1 + |z − y|/(1 + min(z, y))), in which nothing cancels. Below z = −1 there is no
// logarithm.
LK_INLINE LK(point) LK(squared_log_error)(LK_T z, LK_T y, const LK_T *k) {
  (void)k;
  LK_T r = z - y, least = 1 + (y < z ? y : z), q = 1 / (1 + z);
  LK_T d = least < 0 ? LK_NOT_A_NUMBER : LK(copysign)(LK(log1p)(LK(abs)(r) / least), r);
  return (LK(point)){d * d, q == 0 ? 0 : 2 * d * q, q == 0 ? 0 : 2 * (1 - d) * q * q};
}

LK_INLINE LK(point) LK(absolute_percentage_error)(LK_T z, LK_T y, const LK_T *k) {
  LK_T r = z - y, base = LK(max)(k[0], LK(abs)(y));
  return (LK(point)){LK(abs)(r) / base, LK(sign)(r) / base, 0};
}

LK_INLINE void LK(absolute_percentage_error_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  LK_T size = LK(abs)(y), slope = -LK(abs)(z - y) / k[0] / k[0];
  d[0] = size < k[0] ? slope : size > k[0] ? 0 : (LK_T)0.5 * slope;
}

// |r|/m with m = (|z| + |y|)/2. On the target's side of 0 the derivative by |z| is ±|y|/m², on the other side 0.
LK_INLINE LK(point) LK(symmetric_absolute_percentage_error)(LK_T z, LK_T y, const LK_T *k) {
  (void)k;
  LK_T a = LK(abs)(z), b = LK(abs)(y), m = (LK_T)0.5 * a + (LK_T)0.5 * b, r = z - y, toward = y > 0 ? z : -z;
  LK_T side = toward > 0 ? 1 : toward < 0 ? 0 : (LK_T)0.5 + toward;
  LK_T slope = b / m / m, sum = a + b;
  return (LK(point)){
      sum == 0           ? 0
      : sum > LK_LARGEST ? LK(abs)(r) / m
                         : 2 * (LK(abs)(r) / sum),
      b == 0 ? r - r : side * LK(sign)(r) * slope,
      b == 0 ? r - r : -side * LK(sign)(a - b) * slope / m,
  };
}
