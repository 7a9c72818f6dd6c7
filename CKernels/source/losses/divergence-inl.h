// Divergences of a row p of predictions from a row q of targets, each the sum over its classes of a function that is
// least, 0, where p = q: for a class the value, the slope ∂/∂p, the pull, and the bend p² ∂²/∂p². p times the slope is
// the pull plus p times the shift of the list: what it would add by the logits is 0, and cancels what is large. The
// turn is p times the derivative of the pull, which is pull + bend without what cancels there.
//
// All work is in double, also for float, where rounding would hide the divergence of distributions that are close.

typedef struct {
  double value, slope, pull, turn, bend;
} lk_gap;

// Where p is close to q: there ln(p/q) = t + tail, with tail = ln(1 + t) − t. Elsewhere it is the difference of
// logarithms.
typedef struct {
  int near;
  double t, tail, log;
} lk_ratio;

LK_INLINE lk_ratio lk_compare(double q, double log_q, double p, double log_p) {
  double t = (p - q) / q;
  int near = (t >= -0.25) & (t <= 0.5);
  double small = near ? t : 0, tail = log_tail_f64(small);
  return (lk_ratio){near, small, tail, near ? small + tail : log_p - log_q};
}

// p ln(p/q), 0 where p is.
LK_INLINE double lk_product(double p, double log) { return p == 0 ? 0 : p * log; }

// q ln(q/p) − q + p.
LK_INLINE lk_gap lk_kullback_leibler(double q, double log_q, double p, double log_p) {
  lk_ratio x = lk_compare(q, log_q, p, log_p);
  double value = x.near ? -q * x.tail : (p - q) - q * x.log;
  return (lk_gap){q == 0 ? p : value, q == 0 ? 1 : (p - q) / p, -q, 0, q};
}

// p ln(p/q) − p + q.
LK_INLINE lk_gap lk_reverse_kullback_leibler(double q, double log_q, double p, double log_p) {
  lk_ratio x = lk_compare(q, log_q, p, log_p);
  double value = x.near ? q * (x.t * x.t + (1 + x.t) * x.tail) : p * x.log + (q - p);
  return (lk_gap){p == 0 ? q : value, p + q == 0 ? 0 : x.log, lk_product(p, x.log), lk_product(p, x.log) + p, p};
}

// (p − q) ln(p/q).
LK_INLINE lk_gap lk_jeffreys(double q, double log_q, double p, double log_p) {
  lk_ratio x = lk_compare(q, log_q, p, log_p);
  double slope = x.log + (p - q) / p;
  return (lk_gap){p == q ? 0 : (p - q) * x.log, p + q == 0 ? 0 : slope, lk_product(p, x.log) - q,
                  lk_product(p, x.log) + p, p + q};
}

// ½(q ln(q/m) + p ln(p/m)) with m = ½(p + q), p = m(1 + s).
LK_INLINE lk_gap lk_jensen_shannon(double q, double log_q, double p, double log_p) {
  (void)log_q, (void)log_p;
  double sum = p + q, t = (p - q) / sum;
  int near = (t >= -0.25) & (t <= 0.25);
  double s = near ? t : 0, up = log_tail_f64(s), down = log_tail_f64(-s);
  double log = near ? s + up : log_f64(2 * p / sum);
  double close = 0.25 * sum * (2 * s * s + ((1 + s) * up + (1 - s) * down));
  double far = 0.5 * (lk_product(p, log) + lk_product(q, log_f64(2 * q / sum)));
  double pull = 0.5 * lk_product(p, log), bend = sum == 0 ? 0 : 0.5 * p * (q / sum);
  return (lk_gap){near ? close : far, sum == 0 ? 0 : 0.5 * log, pull, pull + bend, bend};
}

// ½|p − q|.
LK_INLINE lk_gap lk_total_variation(double q, double log_q, double p, double log_p) {
  (void)log_q, (void)log_p;
  double slope = 0.5 * sign_f64(p - q);
  return (lk_gap){0.5 * abs_f64(p - q), slope, p * slope, p * slope, 0};
}

// ½(√p − √q)².
LK_INLINE lk_gap lk_hellinger(double q, double log_q, double p, double log_p) {
  (void)log_q, (void)log_p;
  double a = sqrt_f64(p), b = sqrt_f64(q), d = p + q == 0 ? 0 : (p - q) / (a + b);
  return (lk_gap){0.5 * d * d, d == 0 ? 0 : 0.5 * d / a, -0.5 * (a * b), -0.25 * (a * b), 0.25 * (a * b)};
}

// −p ln p, of logits.
LK_INLINE lk_gap lk_entropy(double q, double log_q, double p, double log_p) {
  (void)q, (void)log_q;
  double value = -lk_product(p, log_p);
  return (lk_gap){value, 0, value, value - p, -p};
}
