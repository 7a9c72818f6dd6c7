// Losses of the residual that give outliers less to say, ½r² near 0. With v = |r|/c, those that fall short of a
// parabola as a power of v are written in q = min(v, 1/v), so that nothing overflows however large the residual, and
// the tails keep their relative accuracy.

// Where v² is too small to be told from what it approximates, and may underflow, the loss is ½r².
#define LK_SQUARE_IS_ENOUGH (1 / LK_SQRT_IS_LINEAR)

// ln(1 + v²), where v² may overflow.
LK_INLINE LK_T LK(log_of_square)(LK_T v) {
  int far = v > LK_SQRT_IS_LINEAR;
  LK_T l = LK(log1p)(far ? v - 1 : v * v);
  return far ? l + l : l;
}

// ½ full × size × ln(1 + v²), with slope = full × size/c and weight = slope/c.
LK_INLINE LK(point) LK(log_square)(LK_T r, LK_T c, LK_T full, LK_T size) {
  LK_T a = LK(abs)(r), v = a / c, slope = full / c * size, weight = slope / c;
  int inner = v < 1;
  LK_T q = inner ? v : 1 / v, d = 1 / (1 + q * q);
  LK_T gap = inner ? (c - a) / c : v > LK_LARGEST ? 1 : (a - c) / a; // 1 − q
  return (LK(point)){
      v < LK_SQUARE_IS_ENOUGH ? (LK_T)0.5 * weight * r * r : (LK_T)0.5 * full * (size * LK(log_of_square)(v)),
      inner ? weight * r * d : LK(copysign)(slope * q * d, r),
      weight * (inner ? 1 : -(q * q)) * (gap * (1 + q)) * (d * d),
  };
}

LK_INLINE LK(point) LK(cauchy)(LK_T z, LK_T y, const LK_T *k) { return LK(log_square)(z - y, k[0], k[0], k[0]); }

// v²/(1 + v²).
LK_INLINE LK_T LK(square_share)(LK_T v) {
  LK_T q = v < 1 ? v : 1 / v, d = 1 / (1 + q * q);
  return v < 1 ? q * q * d : d;
}

LK_INLINE void LK(cauchy_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  LK_T v = LK(abs)(z - y) / k[0];
  d[0] = k[0] * (LK(log_of_square)(v) - LK(square_share)(v));
}

// ½(ν + 1) ln(1 + v²) with c² = νs².
LK_INLINE LK(point) LK(student_t)(LK_T z, LK_T y, const LK_T *k) {
  return LK(log_square)(z - y, k[1] * LK(sqrt)(k[0]), k[0] + 1, 1);
}

LK_INLINE void LK(student_t_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  LK_T v = LK(abs)(z - y) / (k[1] * LK(sqrt)(k[0])), share = (k[0] + 1) * LK(square_share)(v);
  d[0] = (LK_T)0.5 * (LK(log_of_square)(v) - share / k[0]);
  d[1] = -share / k[1];
}

LK_INLINE LK(point) LK(geman_mcclure)(LK_T z, LK_T y, const LK_T *k) {
  LK_T r = z - y, a = LK(abs)(r), c = k[0], v = a / c;
  int inner = v < 1;
  LK_T q = inner ? v : 1 / v, q2 = q * q, d = 1 / (1 + q2), size = inner ? a : c;
  return (LK(point)){
      (LK_T)0.5 * size * (size * d),
      LK(copysign)((inner ? a : c * q * q2) * (d * d), r),
      (inner ? 1 - 3 * q2 : (q2 - 3) * (q2 * q2)) * (d * d * d),
  };
}

LK_INLINE void LK(geman_mcclure_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  LK_T share = LK(square_share)(LK(abs)(z - y) / k[0]);
  d[0] = k[0] * (share * share);
}

LK_INLINE LK(point) LK(welsch)(LK_T z, LK_T y, const LK_T *k) {
  LK_T r = z - y, c = k[0], v = LK(abs)(r) / c, u = v * v, e = LK(exp_neg)((LK_T)-0.5 * u); // a root
  return (LK(point)){
      v < LK_SQUARE_IS_ENOUGH ? (LK_T)0.5 * r * r : (LK_T)-0.5 * c * (c * LK(expm1)(-u)),
      e == 0 ? 0 : r * e * e,
      e == 0 ? 0 : (1 - 2 * u) * e * e,
  };
}

// c(1 − e^(−u) − u e^(−u)).
LK_INLINE void LK(welsch_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  LK_T v = LK(abs)(z - y) / k[0], u = v * v, e = LK(exp_neg)(-u);
  d[0] = -k[0] * (LK(expm1)(-u) + LK(times)(e, u));
}

// w = 1 − v² as a product: c − |r| is exact next to c. The value is r²/6 (1 + w + w²), in which 1 − w³ does not cancel.
LK_INLINE LK(point) LK(tukey)(LK_T z, LK_T y, const LK_T *k) {
  LK_T r = z - y, a = LK(abs)(r), c = k[0], v = a / c, w = ((c - a) / c) * ((c + a) / c);
  int outside = a >= c;
  return (LK(point)){
      outside ? c * (c / 6) : r / 6 * (r * (1 + w + w * w)),
      outside ? 0 : r * (w * w),
      outside ? 0 : w * (w - 4 * v * v),
  };
}

LK_INLINE void LK(tukey_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  LK_T v = LK(abs)(z - y) / k[0], u = v * v;
  d[0] = k[0] / 3 * (v >= 1 ? 1 : u * u * (3 - 2 * u));
}

// Where v is so large that ln(1 + v) is lost beside it, the loss is c|r|.
LK_INLINE LK(point) LK(fair)(LK_T z, LK_T y, const LK_T *k) {
  LK_T r = z - y, a = LK(abs)(r), c = k[0], v = a / c, q = 1 / (1 + v);
  int far = v > (LK_T)0x1p64;
  LK_T value = v < LK_SQUARE_IS_ENOUGH ? (LK_T)0.5 * r * r * (1 - (LK_T)(2.0 / 3) * v) : -c * (c * LK(log1p_minus)(v));
  return (LK(point)){far ? c * a : value, far ? LK(copysign)(c, r) : r * q, q * q};
}

LK_INLINE void LK(fair_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  LK_T v = LK(abs)(z - y) / k[0];
  d[0] = k[0] * (-2 * LK(log1p_minus)(v) - v * (v / (1 + v)));
}

// arctan(v²) is π/2 − arctan(q²) beyond 1.
LK_INLINE LK(point) LK(arctan)(LK_T z, LK_T y, const LK_T *k) {
  LK_T r = z - y, a = LK(abs)(r), c = k[0], v = a / c;
  int inner = v < 1;
  LK_T q = inner ? v : 1 / v, q2 = q * q, q4 = q2 * q2, d = 1 / (1 + q4), angle = LK(atan_unit)(q2);
  angle = inner ? angle : (LK_T)0x1.921fb54442d18p0 - angle;
  return (LK(point)){
      v < LK_SQUARE_IS_ENOUGH ? (LK_T)0.5 * r * r : (LK_T)0.5 * c * (c * angle),
      LK(copysign)(inner ? a * d : c * (q * q2) * d, r),
      (inner ? 1 - 3 * q4 : (q4 - 3) * q4) * (d * d),
  };
}

LK_INLINE void LK(arctan_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  LK_T v = LK(abs)(z - y) / k[0], q = v < 1 ? v : 1 / v, q2 = q * q;
  LK_T angle = LK(atan_unit)(q2);
  d[0] = k[0] * ((v < 1 ? angle : (LK_T)0x1.921fb54442d18p0 - angle) - q2 / (1 + q2 * q2));
}
